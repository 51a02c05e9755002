/** Gives back what was claimed and never started. */
import type { WorkerId } from '../domain/id.ts';
import { MOST_ITEMS, type Store } from '../store/store.ts';
import type { Assignment } from './assignment.ts';
import { pause } from './at-most.ts';
import { Backoff } from './backoff.ts';
import type { Link } from './link.ts';

export interface ReleaseOptions {
  readonly store: Pick<Store, 'release'>;
  readonly owner: WorkerId;
  readonly link: Link;
  /** When to try no more: the leases will lapse. */
  readonly signal: AbortSignal;
  readonly onReleased: (assignment: Assignment) => void;
}

/** Tries until the store takes it. Never rejects. */
export async function release(options: ReleaseOptions, assignments: readonly Assignment[]): Promise<void> {
  const backoff = new Backoff();
  for (let from = 0; from < assignments.length && !options.signal.aborted;) {
    const some = assignments.slice(from, from + MOST_ITEMS);
    if (await releaseSome(options, some)) from += MOST_ITEMS;
    else await pause(backoff.next(), options.signal);
  }
}

async function releaseSome(options: ReleaseOptions, assignments: readonly Assignment[]): Promise<boolean> {
  const { store, owner, link, onReleased } = options;
  try {
    await store.release(
      owner,
      assignments.map(({ claimed: { run, fence } }) => ({ run, fence })),
    );
  } catch (error) {
    link.failed(error);
    return false;
  }
  for (const assignment of assignments) onReleased(assignment);
  return true;
}
