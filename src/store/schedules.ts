/** Firing: how a slot becomes a run, once, without a leader. */
import type { JobId, RunId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { CronDefinition } from '../domain/job.ts';
import type { SkippedSlots } from '../domain/run.ts';

export interface DueJob {
  readonly job: JobId;
  readonly version: number;
  /** The slot that has come. `fire` compares it. */
  readonly slot: Instant;
  readonly definition: CronDefinition;
}

export interface Tick {
  /** The engine's. */
  readonly now: Instant;
  /** The schedules whose slot has come, the longest overdue first. */
  readonly due: readonly DueJob[];
  /**
   * When the next slot, delayed run, lapse or decision comes, beyond what this call dealt with or returned; not after
   * `now` when the limit cut this call short.
   */
  readonly nextAt: Instant | null;
  /** Whether any run is leased: then the caller ticks once a second, so that the engine can tell an outage from a lapse. */
  readonly leases: boolean;
  /** Runs whose lease lapsed: their workers are out of contact. */
  readonly flagged: readonly RunId[];
  /** Runs whose attempt was given up as lost. */
  readonly lost: readonly RunId[];
}

export interface Firing {
  readonly job: JobId;
  readonly version: number;
  /** The slot that `tick` returned. */
  readonly slot: Instant;
  /** The slots that are to run, oldest first, at most 100. The overlap gate may still skip some. */
  readonly runs: readonly { readonly slot: Instant; readonly readyAt: Instant }[];
  /** Slots passed over as misfires; all of them before those in `runs`. */
  readonly skipped: SkippedSlots | null;
  /** The first slot after all of these, or null when none is left. */
  readonly next: Instant | null;
}

export type FireResult =
  /** `runs`: those created, oldest slot first. `skipped`: how many slots gave none, by misfire or by the overlap gate. */
  | { readonly status: 'fired'; readonly runs: readonly RunId[]; readonly skipped: number }
  /** Only a part of the runs that it is to replace was ended; nothing else was done. To be repeated. */
  | { readonly status: 'more' }
  /** Somebody else fired it, or the job was edited, paused or deleted. */
  | { readonly status: 'stale' }
  /** The slot is after the engine's now. */
  | { readonly status: 'early' }
  /** It could not be fired, for a bug of ours; nothing of it was written. */
  | { readonly status: 'failed'; readonly error: unknown };

export interface ScheduleStore {
  /**
   * What time has brought, at most `limit` of each: promotes delayed runs that have become claimable, flags and decides
   * lapsed leases (see `leases.ts`), goes on ending the runs of deleted jobs, and returns the schedules whose slot has
   * come. It fires nothing.
   */
  tick(limit: number): Promise<Tick>;

  /**
   * If the job is at this version, its next slot is this slot, and that has come: creates the runs through the overlap
   * gate, records the skipped slots (extending the job's newest run when that is a record of skipped slots for the same
   * reason), sets the next slot, and remembers the newest slot it dealt with. All or nothing for each firing, but for `more`.
   *
   * A run that takes the place of others (`replace`) ends them: a pending one as `cancelled` when it had been attempted,
   * else as `skipped`, both for the reason `replaced`; a running one is flagged, and ends as `cancelled` for that reason.
   * With none running, the new run has its turn at once. A firing that is to end more than 250 ends those and answers
   * `more`: its slot is still due, so that the next tick brings it again, whoever asks. When everything stops in between,
   * those that were ended stay so, and the others live on until somebody ticks; should the slot then be a misfire that is
   * not to run, or the job be edited, paused or deleted, nothing takes the place of those that were ended.
   */
  fire(firings: readonly Firing[]): Promise<FireResult[]>;
}
