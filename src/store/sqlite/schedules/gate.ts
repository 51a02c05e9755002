/** The overlap gate: what becomes of a new run of a job that may have live ones. */
import type { Instant } from '../../../domain/instant.ts';
import type { JobDefinition } from '../../../domain/job.ts';
import { lateAt } from '../../../domain/late.ts';
import { admit } from '../../../domain/overlap.ts';
import type { Trigger } from '../../../domain/run.ts';
import { MOST_ITEMS } from '../../store.ts';
import { endOpenRuns } from '../runs/end-run.ts';
import type { JobRow } from '../jobs/job-rows.ts';
import type { RunRow } from '../runs/run-rows.ts';
import { bearRun, type Birth, type BirthJob } from '../runs/bear-run.ts';
import { placeAt } from '../runs/save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

export interface NewRun {
  readonly trigger: Trigger;
  readonly scheduledFor: Instant | null;
  readonly readyAt: Instant;
  /** Past the gate. */
  readonly force: boolean;
}

export type GateResult =
  | { readonly kind: 'born'; readonly run: RunRow }
  | { readonly kind: 'skip'; readonly reason: 'overlap' | 'overlap_full' };

/** Makes the run if its job's policy lets it. */
export function passGate(tx: Transaction, job: JobRow, definition: JobDefinition, wanted: NewRun): GateResult {
  const { live, waiting } = openCounts(tx, job.seq);
  const admission = wanted.force ? ({ kind: 'admit' } as const) : admit(definition.overlap, live, waiting);
  if (admission.kind === 'skip') return admission;
  if (admission.kind === 'replace') endOpenRuns(tx, job.seq, 'replaced', MOST_ITEMS);
  const waits = admission.kind === 'wait' || (admission.kind === 'replace' && openCounts(tx, job.seq).live > 0);
  const place = waits ? 'turn' : placeAt(wanted.readyAt, tx.now);
  return { kind: 'born', run: bearRun(tx, jobOfRun(job), pendingBirth(tx, definition, wanted, place)) };
}

/**
 * To be called before anything is written for a new run that may take the place of others.
 *
 * @returns false when those were more than one call may end: some are ended now, and the whole call is to be repeated.
 */
export function makeRoom(tx: Transaction, job: JobRow, definition: JobDefinition): boolean {
  return definition.overlap !== 'replace' || endOpenRuns(tx, job.seq, 'replaced', MOST_ITEMS);
}

/** A pending run as its job's definition makes it. */
export function pendingBirth(
  { now }: Pick<Transaction, 'now'>,
  definition: JobDefinition,
  wanted: Omit<NewRun, 'force'>,
  place: RunRow['place'],
): Birth {
  const { queue, priority } = definition;
  const { trigger, scheduledFor, readyAt } = wanted;
  return {
    status: 'pending',
    reason: null,
    finished_at: null,
    trigger,
    queue,
    priority,
    place,
    scheduled_for: scheduledFor,
    ready_at: readyAt,
    late_at: lateAt(definition, scheduledFor ?? now),
  };
}

export function jobOfRun(job: Pick<JobRow, 'seq' | 'id' | 'type'>): BirthJob {
  return { job: job.seq, job_id: job.id, job_type: job.type };
}

/** Read anew each time: one firing may make several runs. */
function openCounts(tx: Transaction, job: number): Pick<JobRow, 'live' | 'waiting'> {
  return (
    tx.sql.one<Pick<JobRow, 'live' | 'waiting'>>('SELECT live, waiting FROM jobs WHERE seq = ?', job) ?? {
      live: 0,
      waiting: 0,
    }
  );
}
