/** Samples of the totals, for charts: see `store/samples.ts`. */
import type { Instant, Millis } from '../../../domain/instant.ts';
import { decodeSample, encodeSample, SAMPLE_STEPS, type Sample } from '../../samples.ts';
import type { Reading, Transaction } from '../transaction/transaction.ts';

export function keepSample(tx: Transaction, sample: Sample): 'kept' | 'known' {
  const kept = SAMPLE_STEPS.filter(({ every }) => keepOne(tx, sample, every));
  for (const { every, keptFor } of SAMPLE_STEPS) {
    tx.sql.run('DELETE FROM samples WHERE step = ? AND time < ?', every, tx.now - keptFor);
  }
  return kept.length > 0 ? 'kept' : 'known';
}

/** @returns whether it was the first of its minute, or hour. */
function keepOne(tx: Transaction, sample: Sample, step: Millis): boolean {
  const from = sample.time - (sample.time % step);
  const known = 'SELECT 1 FROM samples WHERE step = ? AND time >= ? AND time < ?';
  if (tx.sql.one(known, step, from, from + step) !== undefined) return false;
  tx.sql.run('INSERT INTO samples (step, time, numbers) VALUES (?, ?, ?)', step, sample.time, encodeSample(sample));
  return true;
}

export function samplesAt(of: Reading, times: readonly Instant[]): (Sample | null)[] {
  const oldest = of.sql.one<Row>('SELECT numbers FROM samples ORDER BY time LIMIT 1');
  return times.map((time) => {
    const found = SAMPLE_STEPS.map(({ every }) => newestBefore(of, every, time)).find((row) => row !== undefined);
    const row = found ?? oldest;
    return row === undefined ? null : decodeSample(row.numbers);
  });
}

interface Row {
  readonly numbers: string;
}

function newestBefore(of: Reading, step: Millis, time: Instant): Row | undefined {
  return of.sql.one<Row>(
    'SELECT numbers FROM samples WHERE step = ? AND time <= ? ORDER BY time DESC LIMIT 1',
    step,
    time,
  );
}
