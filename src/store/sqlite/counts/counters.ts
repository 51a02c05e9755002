/** Counters: how many there are of what, kept in step by the transactions that change it. */
import type { Millis } from '../../../domain/instant.ts';
import { bucketOf } from '../../../domain/spread.ts';
import type { CounterKind, TransactionEffects } from '../transaction/effects.ts';
import type { Statements } from '../file/statements.ts';

export interface Counter {
  readonly kind: CounterKind;
  readonly key: string;
  readonly value: number;
}

export function saveCounts(sql: Statements, effects: TransactionEffects): void {
  for (const { kind, key, by } of effects.counts.values()) {
    if (by === 0) continue;
    sql.run(
      `INSERT INTO counters (kind, key, value) VALUES (?, ?, ?)
       ON CONFLICT (kind, key) DO UPDATE SET value = value + excluded.value`,
      kind,
      key,
      by,
    );
  }
}

/** Counts a length of time in its bucket and in the sum. One below 0 is none: a clock has stepped back. */
export function countLength(
  effects: TransactionEffects,
  kind: 'lateness' | 'duration',
  bounds: readonly Millis[],
  length: Millis,
): void {
  const whole = Math.max(0, Math.round(length));
  effects.count(kind, bucketOf(bounds, whole), 1);
  effects.count(kind, 'sum', whole);
}

export function readCounters(sql: Statements, kind: CounterKind): Counter[] {
  return sql.all<Counter>('SELECT kind, key, value FROM counters WHERE kind = ? ORDER BY key', kind);
}

export function readCounter(sql: Statements, kind: CounterKind, key: string): number {
  return sql.one<Counter>('SELECT kind, key, value FROM counters WHERE kind = ? AND key = ?', kind, key)?.value ?? 0;
}
