/**
 * What callers of this store were told was done, and what was gone when the engine had failed over or come back with
 * older data. Counted since the store was opened, by the process that was told, since others do not know of it; of what
 * was acknowledged in the minute before, the newest 10,000 of each kind.
 */
export interface Losses {
  /** Jobs that were made. */
  readonly jobs: number;
  /** Runs that were started by hand. */
  readonly runs: number;
  /** Ends of runs, for good. */
  readonly ends: number;
  /** Jobs edited, paused, resumed or deleted, runs cancelled, queues set, keys revoked: the last of each. */
  readonly changes: number;
}

export const NO_LOSSES: Losses = { jobs: 0, runs: 0, ends: 0, changes: 0 };
