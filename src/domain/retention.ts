/**
 * Retention: which finished runs of a cron job may be removed.
 *
 * Of its final runs (records of skipped slots among them) the newest `keepRuns` stay, and beyond these the newest
 * `keepFailedRuns` that failed; but none that finished more than `keepDays` ago. A run that is not final never goes.
 *
 * Laws: asking again about what stays removes nothing more; a more generous policy never removes more.
 */
import { DAY, type Instant } from './instant.ts';
import type { CommonDefinition } from './job.ts';
import type { RunStatus } from './run.ts';
import { isFinal } from './run-state.ts';

export type RetentionPolicy = Pick<CommonDefinition, 'keepRuns' | 'keepFailedRuns' | 'keepDays'>;

/** Of a job that was deleted: its runs go as soon as they have ended. */
export const NOTHING_KEPT: RetentionPolicy = { keepRuns: 0, keepFailedRuns: 0, keepDays: 0 };

/** What retention has to know of a run. */
export interface Retainable {
  readonly status: RunStatus;
  /** Null while it is not final. */
  readonly finishedAt: Instant | null;
}

/**
 * How many of a job's newest final runs a store has to look at, to be sure that {@link expendable} finds `count` of them
 * if so many may go for their number.
 */
export function rowsToLookAt(policy: RetentionPolicy, count: number): number {
  return policy.keepRuns + policy.keepFailedRuns + count;
}

/**
 * Those that may go, in the order given.
 *
 * @param runs of one job, newest first, without gaps from its newest final run on; how far back is the caller's choice.
 */
export function expendable<Row extends Retainable>(policy: RetentionPolicy, runs: readonly Row[], now: Instant): Row[] {
  let kept = 0;
  let keptFailed = 0;
  return runs.filter((run) => {
    if (!isFinal(run.status)) return false;
    const hasPlace = kept++ < policy.keepRuns || (run.status === 'failed' && keptFailed++ < policy.keepFailedRuns);
    return !hasPlace || isTooOld(policy, run, now);
  });
}

/** For a caller that looks from the oldest end: whether the run may go for its age alone. */
export function isTooOld(policy: RetentionPolicy, run: Retainable, now: Instant): boolean {
  return isFinal(run.status) && run.finishedAt !== null && run.finishedAt < now - policy.keepDays * DAY;
}
