/**
 * Leases: how a worker owns an attempt for a time.
 *
 * A claim raises the run's fence, sets its owner and a lease of {@link LEASE}. Every later write shows (run, fence,
 * owner). It counts if the run is `running` and both match, *also when the lease has lapsed*: work that is done is never
 * thrown away because its worker was slow to say so.
 *
 *   held ──lease lapses──► flagged `contactLostAt` ──`lostAfterSeconds` later──► decided: retried, failed or cancelled
 *     ▲                        │
 *     └────renew, finish───────┘
 *
 * Outage grace: the engine keeps the time of the last renew, claim or tick. A gap of more than half a lease, or a step
 * back, means that the engine was away or its clock jumped: then nothing is flagged or decided for one whole lease, so
 * that every worker can renew first. From then on leases count as they do for a claim made at that moment, also when
 * the clock stepped back by hours: a dead worker is still noticed. A gap is no time that a flagged run has waited, either:
 * a worker that is cut off counts until the decision by a clock of its own, and must have ended its commands before it.
 *
 * A step forward that makes no such gap shows by clocks that do not step: SQLite's process compares with its own
 * (`sqlite/leases/contact.ts`), and on Redis each tick says how far time can have come by its scheduler's
 * (`redis/leases/lease-time.ts`). However many steps there are, a decision comes at most a second early by them, and
 * workers end their commands two before it. A scheduler that has just begun cannot say yet: when none has ticked shortly
 * before it, nothing is flagged or decided for one whole lease.
 */
import type { JobId, RunId, WorkerId } from '../domain/id.ts';
import { SECOND, type Instant, type Millis } from '../domain/instant.ts';
import type { JobDefinition } from '../domain/job.ts';
import type { Outcome, Trigger } from '../domain/run.ts';
import type { OutputChunk } from './output.ts';

export const LEASE: Millis = 15 * SECOND;
export const RENEW_EVERY: Millis = 5 * SECOND;

/** A claim of one run: what every later write shows. */
export interface Held {
  readonly run: RunId;
  readonly fence: number;
}

export interface ClaimRequest {
  readonly owner: WorkerId;
  /** The worker's name, as people will see it. */
  readonly worker: string;
  readonly queues: readonly string[];
  /** 1 to 250. */
  readonly limit: number;
  /**
   * 1, 2, 3… within the owner. A repeat of the newest answers with what of it is still held, and renews the leases of
   * that; an older one gets nothing.
   */
  readonly claimNumber: number;
}

export interface ClaimedRun extends Held {
  readonly jobId: JobId;
  readonly jobName: string | null;
  readonly number: number;
  readonly attempt: number;
  readonly trigger: Trigger;
  readonly scheduledFor: Instant | null;
  readonly version: number;
  /** The job's, at the version current at the claim. */
  readonly definition: JobDefinition;
  /** Whether it is flagged already, so that it need not be started: only in a repeat, whose first answer was lost. */
  readonly cancelRequested: boolean;
}

export interface ClaimResult {
  readonly now: Instant;
  readonly claimed: readonly ClaimedRun[];
  /** Whether more was claimable in these queues. */
  readonly more: boolean;
}

export interface Ended extends Held {
  readonly outcome: Outcome;
  /** When the next attempt may be claimed, for a failure that `domain/retry.ts` retries; else null. */
  readonly retryAt: Instant | null;
  /** How long the child lived, by the worker's monotonic clock. */
  readonly durationMs: Millis;
  /** How many of its processes were there after its end: see `Attempt`. */
  readonly leftRunning: number;
  /** How long ago it ended: 0 but for a result that had to wait for the link. */
  readonly endedAgoMs: Millis;
  /** The last of its output, written in the same transaction. */
  readonly output: Omit<OutputChunk, 'run' | 'fence'> | null;
}

/**
 * - `ok`: recorded.
 * - `duplicate`: this owner had recorded the end of this attempt, or released it, before; whatever the run did since.
 * - `lost`: the attempt was decided without it, or the run is gone. Nothing was written. Also for an item that failed for
 *   a bug of ours: its lease will lapse.
 */
export type FinishResult = 'ok' | 'duplicate' | 'lost';

/** `cancel`: held, and to be ended. `lost`: not held any more; its children must go at once. */
export type RenewResult = 'ok' | 'cancel' | 'lost';

export interface LeaseStore {
  /**
   * Up to `limit` runs, highest priority first, then those that became claimable first. Also promotes delayed runs whose
   * time has come.
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;

  /**
   * Ends attempts and, in the same round trip, claims the next ones. A failed attempt of a flagged run ends the run as
   * `cancelled`, whatever `retryAt` says; one that succeeded is `succeeded` all the same. What ends the last live run of
   * a job admits the oldest that waits its turn. Adopts as `renew` does, then ends.
   */
  finish(
    owner: WorkerId,
    ended: readonly Ended[],
    claim: ClaimRequest | null,
  ): Promise<{ readonly results: readonly FinishResult[]; readonly claim: ClaimResult | null }>;

  /**
   * One call for all that a worker holds. Clears `contactLostAt`. A run that is pending with a *lower* fence is adopted
   * again: only a failover that forgot the claim makes that.
   */
  renew(owner: WorkerId, held: readonly Held[]): Promise<RenewResult[]>;

  /**
   * Gives back runs whose child was never started: pending again, and the attempt does not count. The fence stays as
   * high as it was. A flagged one is `cancelled` instead.
   */
  release(owner: WorkerId, held: readonly Held[]): Promise<FinishResult[]>;

  /**
   * Decides at once, as lost, all attempts of an owner that is known to be dead. More than 250 take several transactions;
   * a repeat goes on where one was cut off. @returns their runs.
   */
  abandon(owner: WorkerId): Promise<RunId[]>;
}
