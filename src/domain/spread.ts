/**
 * Spreads: how lengths of time are distributed, in buckets. A length is counted in the first bucket whose bound it does not
 * exceed, or in the last, which has none.
 *
 * The bounds are stored with the numbers, by their milliseconds: changing them here starts new buckets beside the old.
 */
import { HOUR, MINUTE, SECOND, type Millis } from './instant.ts';

/** From a run's time to its first start. */
export const LATENESS_BOUNDS: readonly Millis[] = [
  10,
  50,
  100,
  250,
  500,
  SECOND,
  2.5 * SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  HOUR,
];

/** Of attempts, from the start of their command to its end. */
export const DURATION_BOUNDS: readonly Millis[] = [
  10,
  100,
  500,
  SECOND,
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  4 * HOUR,
  24 * HOUR,
];

/**
 * The length that a share of all does not exceed, as far as buckets tell: within one, lengths are taken to lie evenly. Null
 * when there are none. What lies beyond the last bound is told as that bound.
 *
 * @param counts one for each bound, and at last what lay beyond. @param share 0.95 for the 95th percentile.
 */
export function quantile(bounds: readonly Millis[], counts: readonly number[], share: number): Millis | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let below = 0;
  for (const [bucket, upTo] of bounds.entries()) {
    const count = counts[bucket] ?? 0;
    if (count > 0 && below + count >= share * all) {
      const from = bounds[bucket - 1] ?? 0;
      return from + (upTo - from) * ((share * all - below) / count);
    }
    below += count;
  }
  return bounds.at(-1) ?? null;
}

/** The last bucket. */
export const BEYOND = 'more';

/** The name of a length's bucket: its bound in milliseconds, or {@link BEYOND}. */
export function bucketOf(bounds: readonly Millis[], length: Millis): string {
  const bound = bounds.find((most) => length <= most);
  return bound === undefined ? BEYOND : String(bound);
}
