/** Lists, numbers, what changed, and what may go. */
import type { JobId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { Job, JobStatus } from '../domain/job.ts';
import type { Run, RunReason, RunStatus, Trigger } from '../domain/run.ts';
import type { Totals } from './totals.ts';

export const MOST_ROWS = 200;

/**
 * Where a list goes on: opaque, made by the store, and stable while new rows arrive. One of another kind of list (jobs,
 * runs, a job's runs), or that no list gave, is refused as `invalid_request`.
 */
export type Cursor = string;

export interface Page<Row> {
  /** May be shorter than asked and still have a `next`: the number of rows looked at for one page is bounded. */
  readonly rows: readonly Row[];
  /** Where the list goes on after each of these. */
  readonly after: readonly Cursor[];
  readonly next: Cursor | null;
}

/** All given ones must match; an absent or empty one matches all. */
export interface JobFilter {
  readonly status?: readonly JobStatus[] | undefined;
  readonly type?: 'once' | 'cron' | undefined;
  readonly queue?: string | undefined;
  readonly tag?: string | undefined;
  /** Part of the name, the command or the description, whatever the case. */
  readonly text?: string | undefined;
}

export interface RunFilter {
  readonly status?: readonly RunStatus[] | undefined;
  readonly reason?: readonly RunReason[] | undefined;
  readonly trigger?: readonly Trigger[] | undefined;
  readonly job?: JobId | undefined;
  /** By name. */
  readonly worker?: string | undefined;
  readonly queue?: string | undefined;
  /** Created at or after. */
  readonly since?: Instant | undefined;
  /** Created before. */
  readonly until?: Instant | undefined;
  /** Whether it is late by the engine's now: see `domain/late.ts`. */
  readonly late?: boolean | undefined;
  /** That its job has, as the job is now. */
  readonly tag?: string | undefined;
  /** Part of its job's name, command or description, as the job is now, whatever the case. */
  readonly text?: string | undefined;
}

/** What is looked for with every count is counted up to so many. */
export const MOST_COUNTED = 100_000;

export interface Counts {
  readonly jobs: {
    readonly once: number;
    readonly scheduled: number;
    readonly paused: number;
    readonly finished: number;
  };
  /** Runs that exist now, records of skipped slots among them, by status. */
  readonly runs: Readonly<Record<RunStatus, number>>;
  /** Runs that wait for their first start and are late by now; at most {@link MOST_COUNTED}. */
  readonly waitingLate: number;
  /** Schedules whose next slot is overdue, since nobody fires it: see `domain/late.ts`. At most {@link MOST_COUNTED}. */
  readonly overdue: number;
}

/** Ascending, and unique within an installation. */
export type ChangeId = number;

export interface Change {
  readonly id: ChangeId;
  /** `queue`: what is set of it, not what is in it. */
  readonly kind: 'job' | 'run' | 'worker' | 'queue';
  /** The job's, run's or worker's id, or the queue's name. */
  readonly ref: string;
}

export interface Changes {
  readonly changes: readonly Change[];
  /** To ask from the next time. */
  readonly next: ChangeId;
  /**
   * Whether some were forgotten before `changes`, or `since` is newer than anything this store has told (it was rolled
   * back): the caller should look at everything anew.
   */
  readonly gap: boolean;
}

export interface TrimPolicy {
  /** A finished once job goes with its runs after so many days… */
  readonly onceKeepDays: number;
  /** …or when so many newer ones have finished. */
  readonly onceKeepCount: number;
  /** What all stored output may take, in the bytes that children wrote; the oldest goes first. */
  readonly outputBudgetBytes: number;
  /** Of the audit log: so long, and so many things at most that its entries tell of. */
  readonly auditKeepDays: number;
  readonly auditKeepCount: number;
}

export interface Trimmed {
  readonly jobs: number;
  readonly runs: number;
  /** Attempts whose output was dropped for the budget. */
  readonly outputs: number;
  /** Whether there is more to do at once: the limit, or how much one call looks at, cut this one short. */
  readonly more: boolean;
}

export interface ViewStore {
  listJobs(filter: JobFilter, limit: number, cursor: Cursor | null): Promise<Page<Job>>;
  listRuns(filter: RunFilter, limit: number, cursor: Cursor | null): Promise<Page<Run>>;
  counts(): Promise<Counts>;

  totals(): Promise<Totals>;

  /** What changed after `since`, oldest first, at most 1,000; null asks only where to begin. Several changes of one thing may be told as one. */
  changes(since: ChangeId | null): Promise<Changes>;

  /**
   * Removes what retention says may go, at most `limit` runs or jobs a call: final runs of cron jobs as
   * `domain/retention.ts` says, by their job's own policy; once jobs without a live run, with all their runs; of deleted
   * jobs every run that has ended, and with the last of them the job; output beyond the budget, of attempts that have
   * ended, longest ended first. A removed run's number is never used again. And of the audit log the oldest, and sessions
   * that have expired.
   */
  trim(policy: TrimPolicy, limit: number): Promise<Trimmed>;
}
