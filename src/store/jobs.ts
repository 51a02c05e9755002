/** Jobs: made, edited, paused, deleted, found. */
import type { JobId, JobRef, RunId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { Job, JobDefinition } from '../domain/job.ts';

/** How long the key of a request is remembered. */
export const IDEMPOTENCY_HOURS = 24;

export interface NewJob {
  readonly id: JobId;
  readonly definition: JobDefinition;
  /** The first slot of a cron job; null for a once job. One that has passed meanwhile is fired as any overdue slot. */
  readonly nextSlot: Instant | null;
}

/** What a client calls its request, so that it can send it again. A request may be split into several calls. */
export interface SubmitRequest {
  readonly key: string;
  /** Of all that was asked for: tells a repeat from a misuse of the key. */
  readonly fingerprint: string;
}

export type CreateJobResult =
  | { readonly status: 'created'; readonly job: Job }
  /** Nothing was made: the id or the name was seen before. */
  | { readonly status: 'existing'; readonly by: 'id' | 'name'; readonly job: Job }
  /** Nothing was made: the key came with another fingerprint before. Then all of the call are answered so. */
  | { readonly status: 'key_reused' };

export interface JobUpdate {
  readonly job: JobId;
  /** Refused as `conflict` when the job is at another version. Null: whichever it is at. */
  readonly ifVersion: number | null;
  /** The whole new definition; `name` and `type` must be the old ones. */
  readonly definition: JobDefinition;
  /**
   * `keep` when no schedule field was touched. Else the first slot after max(engine's now, last slot), or null when
   * there is none: one that is not after both answers `stale`, and the caller computes it again. For a paused job it is
   * ignored: resuming sets it.
   */
  readonly nextSlot: Instant | null | 'keep';
}

export type UpdateJobResult =
  | { readonly status: 'updated'; readonly job: Job }
  | { readonly status: 'not_found' }
  | { readonly status: 'conflict'; readonly version: number }
  | { readonly status: 'stale'; readonly now: Instant; readonly lastSlot: Instant | null };

export type PauseJobResult =
  /** Also when it was paused already. */
  | { readonly status: 'paused'; readonly job: Job }
  | { readonly status: 'not_found' }
  /** A once job has no slots to pause. */
  | { readonly status: 'not_a_schedule' };

export type ResumeJobResult =
  /** Also when it was not paused; `nextSlot` is then left alone. */
  | { readonly status: 'resumed'; readonly job: Job }
  | { readonly status: 'not_found' }
  | { readonly status: 'not_a_schedule' }
  /** The slot was not after max(now, last slot), as in {@link JobUpdate.nextSlot}. */
  | { readonly status: 'stale'; readonly now: Instant; readonly lastSlot: Instant | null };

export type DeleteJobResult =
  | { readonly status: 'deleted' }
  | { readonly status: 'not_found' }
  /** These are running, 250 of them at most, and `force` was not given: nothing was done. */
  | { readonly status: 'running'; readonly runs: readonly RunId[] };

export type FindJobResult =
  | { readonly status: 'found'; readonly job: Job }
  | { readonly status: 'not_found' }
  /** A prefix that several ids have; some of them. */
  | { readonly status: 'ambiguous'; readonly jobs: readonly JobId[] };

export interface JobStore {
  /**
   * Stores jobs, each with its first version, and for a once job with its run number 1 (trigger `submit`), which waits
   * for a time when `runAt` is to come.
   *
   * Each is dealt with in its order, so that the second of a name in one call is `existing`. The id is asked for before
   * the name: a repeat is told from a clash. The id of a deleted job stays seen as long as anything of it can be read;
   * its name does not.
   *
   * With a request, its key is remembered for 24 hours from its first call on. Until then a call with the same key and
   * another fingerprint makes nothing. One with the same fingerprint is dealt with as if it had no key: the caller gives a
   * repeat the same ids.
   */
  createJobs(jobs: readonly NewJob[], request: SubmitRequest | null): Promise<CreateJobResult[]>;

  /**
   * What `createJobs` does with a request, for one of which no job can be made: its key is remembered from then on, also
   * when no job is made, or was another request's before.
   */
  rememberRequest(request: SubmitRequest): Promise<'remembered' | 'key_reused'>;

  /**
   * Raises the version and keeps the last ten. Runs that exist keep going, in their queue and with their priority; their
   * next attempt uses the new version. With a new next slot, one that has come and was not fired yet is recorded as in
   * `pauseJob`.
   */
  updateJob(update: JobUpdate): Promise<UpdateJobResult>;

  /**
   * Stops slots; runs that exist are left alone. A slot that has come and was not fired yet is recorded as skipped for the
   * reason `misfire`, as "at least" one, so that every slot is a run or counted.
   */
  pauseJob(job: JobId): Promise<PauseJobResult>;

  /** Slots that passed meanwhile are no misfires: they are forgotten. */
  resumeJob(job: JobId, nextSlot: Instant | null): Promise<ResumeJobResult>;

  /**
   * Takes the job away at once, frees its name, and cancels its pending runs (reason `deleted`). With `force` its
   * running runs are flagged as well; they end as `cancelled` and their workers are told. The first 250 of all these are
   * dealt with at once, the others by the ticks that follow; none of them is claimed any more. Its runs and their output
   * can be read, and are listed, until `trim` removes them, as soon as they have ended; the job itself is `not_found` by
   * then already.
   */
  deleteJob(job: JobId, force: boolean): Promise<DeleteJobResult>;

  /** By id, then by name, then by unique prefix of an id (at least four characters). Deleted jobs are not found. */
  findJob(ref: JobRef): Promise<FindJobResult>;

  /** The versions that are kept, newest first. Empty for an unknown job. */
  jobVersions(job: JobId): Promise<JobVersion[]>;
}

export interface JobVersion {
  readonly version: number;
  readonly definition: JobDefinition;
  readonly createdAt: Instant;
}
