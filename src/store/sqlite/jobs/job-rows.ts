/** Jobs as rows, and as the domain knows them. */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import { runId, type JobId } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { CronDefinition, Job, JobDefinition, JobStatus, RunSummary } from '../../../domain/job.ts';
import type { RunReason, RunStatus } from '../../../domain/run.ts';
import type { Reading } from '../transaction/transaction.ts';

export interface JobRow {
  readonly seq: number;
  readonly id: JobId;
  readonly name: string | null;
  readonly type: 'once' | 'cron';
  readonly version: number;
  readonly definition: string;
  readonly status: JobStatus;
  readonly paused: number;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly version_at: Instant;
  readonly next_slot: Instant | null;
  readonly last_slot: Instant | null;
  readonly last_number: number;
  readonly last_run: number | null;
  readonly live: number;
  readonly waiting: number;
  readonly done_at: Instant | null;
  readonly trim_at: Instant | null;
  readonly deleted_at: Instant | null;
  readonly ending: 0 | 1;
}

export interface SeenJobRow extends JobRow {
  readonly run_number: number | null;
  readonly run_status: RunStatus;
  readonly run_reason: RunReason | null;
  readonly run_started_at: Instant | null;
  readonly run_finished_at: Instant | null;
  readonly run_contact_lost_at: Instant | null;
  readonly run_late_at: Instant | null;
}

/** Give it what follows: `WHERE j.seq = ?`. */
export const SELECT_SEEN_JOB = `
  SELECT j.*, r.number AS run_number, r.status AS run_status, r.reason AS run_reason,
    r.started_at AS run_started_at, r.finished_at AS run_finished_at,
    r.contact_lost_at AS run_contact_lost_at, r.late_at AS run_late_at
  FROM jobs j LEFT JOIN runs r ON r.seq = j.last_run`;

export function findJobRow(of: Reading, id: JobId): JobRow | undefined {
  return of.sql.one<JobRow>('SELECT * FROM jobs WHERE id = ?', id);
}

/** As the job is now, also of a deleted one. */
export function findDefinition(of: Reading, id: JobId): JobDefinition | undefined {
  const row = of.sql.one<Pick<JobRow, 'definition'>>('SELECT definition FROM jobs WHERE id = ?', id);
  return row === undefined ? undefined : decodeDefinition(row.definition);
}

/** One that people can still find. */
export function livingJobRow(of: Reading, id: JobId): JobRow | undefined {
  const row = findJobRow(of, id);
  return row?.deleted_at === null ? row : undefined;
}

export function seenJobs(of: Reading, where: string, ...values: readonly (string | number)[]): Job[] {
  return of.sql.all<SeenJobRow>(`${SELECT_SEEN_JOB} ${where}`, ...values).map(toJob);
}

export function seenJob(of: Reading, seq: number): Job {
  const [job] = seenJobs(of, 'WHERE j.seq = ?', seq);
  if (job === undefined) throw new Error(`no job of seq ${seq}`);
  return job;
}

/** The definition at a version, as long as that is kept; else the current one. */
export function definitionAt(of: Reading, job: number, version: number): JobDefinition {
  const row = of.sql.one<{ readonly definition: string }>(
    `SELECT coalesce(v.definition, j.definition) AS definition
     FROM jobs j LEFT JOIN job_versions v ON v.job = j.seq AND v.version = ? WHERE j.seq = ?`,
    version,
    job,
  );
  if (row === undefined) throw new Error(`no job of seq ${job}`);
  return decodeDefinition(row.definition);
}

/** @throws Error for a once job. */
export function cronDefinition(row: Pick<JobRow, 'definition'>): CronDefinition {
  const definition = decodeDefinition(row.definition);
  if (definition.type !== 'cron') throw new Error('a once job has no slots');
  return definition;
}

/** What a cron job's status follows from. */
export function cronStatus(row: Pick<JobRow, 'paused' | 'next_slot'>): 'paused' | 'scheduled' | 'finished' {
  if (row.paused === 1) return 'paused';
  return row.next_slot === null ? 'finished' : 'scheduled';
}

export function toJob(row: SeenJobRow): Job {
  return {
    id: row.id,
    version: row.version,
    definition: decodeDefinition(row.definition),
    status: row.status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    nextSlot: row.next_slot,
    lastSlot: row.last_slot,
    lastRun: summaryOf(row),
  };
}

function summaryOf(row: SeenJobRow): RunSummary | null {
  if (row.run_number === null) return null;
  return {
    id: runId(row.id, row.run_number),
    number: row.run_number,
    status: row.run_status,
    reason: row.run_reason,
    startedAt: row.run_started_at,
    finishedAt: row.run_finished_at,
    contactLostAt: row.run_contact_lost_at,
    lateAt: row.run_late_at,
  };
}
