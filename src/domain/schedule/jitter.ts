/** Jitter: how much later than its slot a run becomes claimable, so that jobs of one slot do not all start at once. */
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

/** 32 bits: FNV-1a, and MurmurHash3's finish, without which neighbouring slots would be given neighbouring numbers. */
function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) bits = Math.imul(bits ^ text.charCodeAt(index), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
