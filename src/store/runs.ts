/** Runs, as people start and stop them. */
import type { JobId, RunId } from '../domain/id.ts';
import type { Attempt, Run, RunStatus } from '../domain/run.ts';

export interface TriggerRequest {
  readonly job: JobId;
  /** The key of the request, made by the caller. A repeat within 24 h answers `existing`. */
  readonly request: string;
  /** Of all that was asked for: tells a repeat from a misuse of the key. */
  readonly fingerprint: string;
  readonly trigger: 'manual' | 'retry';
  /** Past the overlap gate. */
  readonly force: boolean;
}

export type TriggerResult =
  | { readonly status: 'triggered'; readonly run: Run }
  | { readonly status: 'existing'; readonly run: Run }
  | { readonly status: 'not_found' }
  /**
   * It is to replace more runs than one call may end: 250 are ended, nothing else was done. To be repeated as it is; when
   * nobody does, those stay ended, the others live on, and no run takes their place.
   */
  | { readonly status: 'more' }
  /** Nothing was made: the key came with another fingerprint within 24 h. */
  | { readonly status: 'key_reused' }
  /** The overlap policy said no: `skip`, and this run is live; or `queue`, and as many as may wait do. */
  | { readonly status: 'overlap'; readonly live: RunId };

export type CancelResult =
  /** It was pending and is cancelled. */
  | { readonly status: 'cancelled' }
  /** It is running; its worker has been asked. Also when it had been already. */
  | { readonly status: 'requested' }
  | { readonly status: 'final'; readonly is: RunStatus }
  | { readonly status: 'not_found' };

export interface RunStore {
  /** A run by hand, through the overlap gate unless forced. Also of a paused or finished job. */
  trigger(request: TriggerRequest): Promise<TriggerResult>;

  cancel(run: RunId): Promise<CancelResult>;

  /** With its attempts, the first one first; also of a deleted job. Null for an unknown run. */
  getRun(run: RunId): Promise<{ readonly run: Run; readonly attempts: readonly Attempt[] } | null>;

  /**
   * The live runs of a job: queued, running, or waiting for a time. Not those that wait for their turn. At most 250.
   *
   * @param before to go on with those of lower numbers.
   */
  liveRuns(job: JobId, before?: number): Promise<Run[]>;
}
