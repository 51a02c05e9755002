/** Jobs as strings and hashes, and as the domain knows them. What is absent has its first value: see `layout.ts`. */
import { runId, type JobId } from '../../../domain/id.ts';
import type { Job, JobDefinition, JobStatus, RunSummary } from '../../../domain/job.ts';
import type { RunReason } from '../../../domain/run.ts';
import { decodeStored } from './facts.ts';
import { numberField, textField, type Fields } from '../fields.ts';
import { JOB_FIELDS, RUN_FIELDS } from '../layout.ts';
import { runNumber, statusOf } from '../runs/run-hash.ts';

/** A job as it lies in `d:<job>` and `j:<job>`. */
export interface JobHash {
  readonly id: JobId;
  readonly seq: number;
  readonly definition: JobDefinition;
  readonly fields: Fields;
}

const F = JOB_FIELDS;

/** Of a run, what {@link toJob} wants to know; its job only tells whether it is there. */
export const SUMMARY_FIELDS = [
  RUN_FIELDS.job,
  RUN_FIELDS.number,
  RUN_FIELDS.status,
  RUN_FIELDS.reason,
  RUN_FIELDS.started_at,
  RUN_FIELDS.finished_at,
  RUN_FIELDS.contact_lost_at,
  RUN_FIELDS.late_at,
] as const;

export function toJobHash(id: JobId, stored: string, fields: Fields): JobHash {
  return { id, ...decodeStored(stored), fields };
}

export function isDeleted({ fields }: JobHash): boolean {
  return fields[F.deleted_at] !== undefined;
}

export function createdAt({ seq, fields }: JobHash): number {
  return numberField(fields[F.created_at]) ?? Math.floor(seq / 1_000);
}

/** Since when it has its current version. */
export function versionAt(job: JobHash): number {
  return numberField(job.fields[F.version_at]) ?? createdAt(job);
}

export function versionOf({ fields }: JobHash): number {
  return numberField(fields[F.version]) ?? 1;
}

/** Where the job's newest run lies; null while there is none. That run may have gone. */
export function lastRunSeq({ seq, definition, fields }: JobHash): number | null {
  return numberField(fields[F.last_run]) ?? (definition.type === 'once' ? seq : null);
}

/**
 * @param lastRun the {@link SUMMARY_FIELDS} of the newest run; null when that is not there.
 * @returns null for a once job whose run is not there: it is going.
 */
export function toJob(job: JobHash, lastRun: Fields | null): Job | null {
  const summary = lastRun === null ? null : toSummary(job.id, lastRun);
  const status = jobStatus(job, summary);
  if (status === null) return null;
  return {
    id: job.id,
    version: versionOf(job),
    definition: job.definition,
    status,
    createdAt: createdAt(job),
    updatedAt: numberField(job.fields[F.updated_at]) ?? createdAt(job),
    nextSlot: numberField(job.fields[F.next_slot]),
    lastSlot: numberField(job.fields[F.last_slot]),
    lastRun: summary,
  };
}

function jobStatus({ definition, fields }: JobHash, lastRun: RunSummary | null): JobStatus | null {
  if (definition.type === 'once') return lastRun?.status ?? null;
  if (fields[F.paused] !== undefined) return 'paused';
  return fields[F.next_slot] === undefined ? 'finished' : 'scheduled';
}

function toSummary(id: JobId, fields: Fields): RunSummary {
  const number = runNumber(fields);
  return {
    id: runId(id, number),
    number,
    status: statusOf(fields),
    reason: textField(fields[RUN_FIELDS.reason]) as RunReason | null,
    startedAt: numberField(fields[RUN_FIELDS.started_at]),
    finishedAt: numberField(fields[RUN_FIELDS.finished_at]),
    contactLostAt: numberField(fields[RUN_FIELDS.contact_lost_at]),
    lateAt: numberField(fields[RUN_FIELDS.late_at]),
  };
}
