/** The overlap gate: what becomes of a new run of a job that may have live ones. */
import { SECOND, type Instant } from '../../domain/instant.ts';
import type { JobDefinition } from '../../domain/job.ts';
import { admit } from '../../domain/overlap.ts';
import type { Trigger } from '../../domain/run.ts';
import { endOpenRuns } from './end-run.ts';
import type { JobRow } from './job-rows.ts';
import type { RunRow } from './run-rows.ts';
import { bearRun, placeAt, type Birth, type BirthJob } from './save-run.ts';
import type { Transaction } from './transaction.ts';

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
  const place = admission.kind === 'admit' ? placeAt(wanted.readyAt, tx.now) : 'turn';
  const run = bearRun(tx, jobOfRun(job), pendingBirth(definition, wanted, place));
  if (admission.kind === 'replace') endOpenRuns(tx, job.seq, 'replaced', run);
  return { kind: 'born', run };
}

/** A pending run as its job's definition makes it. */
export function pendingBirth(definition: JobDefinition, wanted: Omit<NewRun, 'force'>, place: RunRow['place']): Birth {
  const { queue, priority, lateAfterSeconds } = definition;
  const { trigger, scheduledFor, readyAt } = wanted;
  const lateAt = lateAfterSeconds === null || scheduledFor === null ? null : scheduledFor + lateAfterSeconds * SECOND;
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
    late_at: lateAt,
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
