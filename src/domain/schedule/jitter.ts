/** Jitter: how much later than its slot a run becomes claimable, so that jobs of one slot do not all start at once. */
import { hash } from '../hash.ts';
import type { JobId } from '../id.ts';
import { SECOND, type Instant } from '../instant.ts';

/**
 * From the slot on, less than `jitterSeconds` later, in whole milliseconds. Fixed by job and slot, so that whoever fires
 * the slot, and however often, it comes out the same.
 */
export function readyAt(job: JobId, slot: Instant, jitterSeconds: number): Instant {
  const most = jitterSeconds * SECOND;
  return most > 0 ? slot + (hash(`${job}@${slot}`) % most) : slot;
}
