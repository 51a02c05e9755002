/**
 * Samples: what the totals and the queues were at some moments, so that charts have a past. Whoever schedules takes one a
 * minute (`scheduler/sampler.ts`); what happened in between follows from two of them.
 *
 *   now ──one a minute── 48 hours ──one an hour── 31 days
 */
import { DAY, HOUR, MINUTE, type Instant, type Millis } from '../domain/instant.ts';
import { DURATION_BOUNDS, LATENESS_BOUNDS } from '../domain/spread.ts';
import type { QueueCounts } from './queues.ts';
import type { Spread, Totals } from './totals.ts';

/** So often one is kept, and for so long. The first has all of the others' as well, for as long as it keeps them. */
export const SAMPLE_STEPS = [
  { every: MINUTE, keptFor: 48 * HOUR },
  { every: HOUR, keptFor: 31 * DAY },
] as const satisfies readonly { readonly every: Millis; readonly keptFor: Millis }[];

/** Totals are as in `totals.ts`: they only rise. */
export interface Sample {
  /** When it was taken, by the engine's clock. */
  readonly time: Instant;
  readonly queued: number;
  readonly running: number;
  readonly ended: Readonly<Record<SampledStatus, number>>;
  readonly startedLate: number;
  /** As many as there are bounds in `domain/spread.ts`, and at last what lay beyond. */
  readonly lateness: readonly number[];
  readonly duration: readonly number[];
}

export const SAMPLED_STATUSES = ['succeeded', 'failed', 'cancelled', 'skipped'] as const;
export type SampledStatus = (typeof SAMPLED_STATUSES)[number];

export interface SampleStore {
  /**
   * Keeps the sample, unless there is one of its minute already, and forgets what is too old. The first of an hour is kept
   * for longer.
   */
  keepSample(sample: Sample): Promise<'kept' | 'known'>;

  /**
   * For each time the newest sample of then or before; the oldest for a time before all of them, null when there is none.
   * What is older than 48 hours is known by the hour. At most 600 times.
   */
  samplesAt(times: readonly Instant[]): Promise<(Sample | null)[]>;
}

export function toSample(
  time: Instant,
  { ended, late, lateness, duration }: Totals,
  queues: readonly QueueCounts[],
): Sample {
  const count = (status: SampledStatus): number =>
    ended.reduce((sum, one) => (one.status === status ? sum + one.count : sum), 0);
  return {
    time,
    queued: queues.reduce((sum, queue) => sum + queue.queued, 0),
    running: queues.reduce((sum, queue) => sum + queue.running, 0),
    ended: {
      succeeded: count('succeeded'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      skipped: count('skipped'),
    },
    startedLate: late,
    lateness: toCounts(lateness),
    duration: toCounts(duration),
  };
}

function toCounts({ buckets, beyond }: Spread): number[] {
  return [...buckets.map(({ count }) => count), beyond];
}

/** As it is stored: numbers, with commas between them. */
export function encodeSample({ time, queued, running, ended, startedLate, lateness, duration }: Sample): string {
  const counts = SAMPLED_STATUSES.map((status) => ended[status]);
  return [time, queued, running, ...counts, startedLate, ...lateness, ...duration].join(',');
}

/** Null for what was stored with other bounds: its spreads cannot be compared with today's. */
export function decodeSample(text: string): Sample | null {
  const numbers = text.split(',').map(Number);
  const lengths = [LATENESS_BOUNDS.length + 1, DURATION_BOUNDS.length + 1] as const;
  const [time = 0, queued = 0, running = 0, succeeded = 0, failed = 0, cancelled = 0, skipped = 0, startedLate = 0] =
    numbers;
  const spreads = numbers.slice(8);
  if (spreads.length !== lengths[0] + lengths[1] || numbers.some(Number.isNaN)) return null;
  return {
    time,
    queued,
    running,
    ended: { succeeded, failed, cancelled, skipped },
    startedLate,
    lateness: spreads.slice(0, lengths[0]),
    duration: spreads.slice(lengths[0]),
  };
}
