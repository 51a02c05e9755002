/**
 * A run: one occurrence of a job; and its attempts: executions of it by one worker each.
 *
 * Invariants (the store keeps them, `test/contract` proves them):
 * - `status` moves only as `run-state.ts` says.
 * - `fence` rises with every claim and never falls; `attempt` rises with every claim that started a child.
 * - A run is `running` if and only if its newest attempt has no outcome.
 * - A final run never changes again, but for its output being trimmed.
 */
import type { JobId, RunId, WorkerId } from './id.ts';
import type { Instant, Millis } from './instant.ts';

export type RunStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'skipped';
export const RUN_STATUSES = [
  'pending',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
] as const satisfies readonly RunStatus[];

/** Why an attempt failed. `lost`: its worker was, or gave it up while draining. */
export type FailReason = 'exit' | 'signal' | 'timeout' | 'spawn' | 'lost';
/** Why a slot gave no run, or a run never started. */
export type SkipReason = 'overlap' | 'overlap_full' | 'misfire' | 'replaced';
/** Who ended it: a person, a newer run of its job, or the deletion of its job. */
export type CancelReason = 'requested' | 'replaced' | 'deleted';
export type RunReason = FailReason | SkipReason | CancelReason;

/** What made the run. `retry`: a person ran a finished run again. */
export type Trigger = 'schedule' | 'submit' | 'manual' | 'retry';

/**
 * Where a pending run waits: in its `queue`; for a time (`delay`: its `runAt`, its jitter, its retry); or for its `turn`
 * behind a live run of its job.
 */
export type Place = 'queue' | 'delay' | 'turn';

/** Consecutive slots of one job that gave no run, in one record. */
export interface SkippedSlots {
  readonly first: Instant;
  readonly last: Instant;
  readonly count: number;
  /** True when there were more than anyone counted. */
  readonly atLeast: boolean;
}

export interface Run {
  readonly id: RunId;
  readonly jobId: JobId;
  readonly jobName: string | null;
  readonly number: number;
  readonly status: RunStatus;
  readonly reason: RunReason | null;
  /** More about the reason, for people: the errno in words, `drained`. Null when there is nothing to add. */
  readonly detail: string | null;
  readonly trigger: Trigger;
  /** The slot, or a once job's `runAt`. */
  readonly scheduledFor: Instant | null;
  readonly createdAt: Instant;
  /** When its first attempt was claimed. */
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** The newest attempt's, as its worker measured it. */
  readonly durationMs: Millis | null;
  /** The newest attempt's: see `Attempt`. */
  readonly leftRunning: number;
  readonly queue: string;
  readonly priority: number;
  /** Null unless pending. */
  readonly place: Place | null;
  /** When it becomes claimable, for a run in `delay`. */
  readonly readyAt: Instant | null;
  /** The newest attempt's number; 0 before the first. */
  readonly attempt: number;
  /** The newest attempt's worker, by name. */
  readonly worker: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** A person or a newer run asked for its end; its worker has been told or will be. */
  readonly cancelRequested: boolean;
  /** Since when its worker has not renewed its lease. Null while all is well. */
  readonly contactLostAt: Instant | null;
  /** A start after this is late. */
  readonly lateAt: Instant | null;
  /** What the newest attempt has written so far. */
  readonly outputBytes: number;
  /** Whether something of that is not kept. */
  readonly outputTruncated: boolean;
  /** Only for a record of skipped slots. */
  readonly skipped: SkippedSlots | null;
}

/** What an attempt came to. The only way to say so, and no nonsense can be said. */
export type Outcome =
  | { readonly status: 'succeeded' }
  | { readonly status: 'failed'; readonly reason: 'exit'; readonly exitCode: number }
  | { readonly status: 'failed'; readonly reason: 'signal'; readonly signal: string }
  /** `exitCode` and `signal` say how the child ended after it had been told to. */
  | ({ readonly status: 'failed'; readonly reason: 'timeout' } & Ending)
  | { readonly status: 'failed'; readonly reason: 'spawn'; readonly detail: string }
  | ({ readonly status: 'failed'; readonly reason: 'lost'; readonly detail: string } & Partial<Ending>)
  | ({ readonly status: 'cancelled' } & Ending);

interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface Attempt {
  readonly number: number;
  /** The job version it executed. */
  readonly version: number;
  readonly fence: number;
  readonly owner: WorkerId;
  readonly worker: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly durationMs: Millis | null;
  /** Null while it runs. */
  readonly outcome: Outcome | null;
  /**
   * How many processes of it were there when it had ended. After an end of its own it left them running on purpose, and
   * they were left alone; after one that it was told (cancel, timeout, `lost`), they could not be ended. 0 when nobody saw.
   */
  readonly leftRunning: number;
  readonly outputBytes: number;
  /** How many of these are not kept. */
  readonly outputDropped: number;
}
