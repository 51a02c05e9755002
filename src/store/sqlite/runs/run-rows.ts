/** Runs and attempts as rows, and as the domain knows them. */
import { runId, type JobId, type RunId, type WorkerId } from '../../../domain/id.ts';
import type { Instant, Millis } from '../../../domain/instant.ts';
import type {
  Attempt,
  CancelReason,
  Outcome,
  Place,
  Run,
  RunReason,
  RunStatus,
  SkippedSlots,
  Trigger,
} from '../../../domain/run.ts';
import { MOST_ITEMS } from '../../store.ts';
import type { Reading } from '../transaction/transaction.ts';

/** A row of `runs`, with what transitions need of its job. */
export interface RunRow {
  readonly seq: number;
  readonly job: number;
  readonly job_id: JobId;
  readonly job_type: 'once' | 'cron';
  /** Not null: the run is to be ended, and never claimed. */
  readonly job_deleted_at: Instant | null;
  readonly number: number;
  readonly status: RunStatus;
  readonly reason: RunReason | null;
  readonly detail: string | null;
  readonly trigger: Trigger;
  readonly scheduled_for: Instant | null;
  readonly created_at: Instant;
  readonly started_at: Instant | null;
  readonly finished_at: Instant | null;
  readonly queue: string;
  readonly priority: number;
  readonly place: Place | null;
  readonly ready_at: Instant;
  readonly late_at: Instant | null;
  readonly attempt: number;
  readonly fence: number;
  readonly owner: WorkerId | null;
  readonly claim: number | null;
  readonly deadline: Instant | null;
  readonly contact_lost_at: Instant | null;
  readonly cancel_reason: CancelReason | null;
  readonly skipped_first: Instant | null;
  readonly skipped_last: Instant | null;
  readonly skipped_count: number | null;
  readonly skipped_at_least: number;
}

/** The same with what people see of its job and its newest attempt. */
export interface SeenRunRow extends RunRow {
  readonly job_name: string | null;
  readonly worker: string | null;
  readonly duration_ms: Millis | null;
  readonly left_running: number | null;
  readonly outcome: string | null;
  readonly output_total: number | null;
  readonly output_kept: number | null;
}

interface AttemptRow {
  readonly number: number;
  readonly version: number;
  readonly fence: number;
  readonly owner: WorkerId;
  readonly worker: string;
  readonly started_at: Instant;
  readonly finished_at: Instant | null;
  readonly duration_ms: Millis | null;
  readonly left_running: number;
  readonly outcome: string | null;
  readonly output_total: number;
  readonly output_kept: number;
}

const JOB_OF_RUN = 'j.id AS job_id, j.type AS job_type, j.deleted_at AS job_deleted_at';
const SELECT_RUN = `SELECT r.*, ${JOB_OF_RUN} FROM runs r JOIN jobs j ON j.seq = r.job`;

/** Give it what follows: `WHERE r.seq = ?`. */
export const SELECT_SEEN_RUN = `
  SELECT r.*, ${JOB_OF_RUN}, j.name AS job_name,
    a.worker, a.duration_ms, a.left_running, a.outcome, a.output_total, a.output_kept
  FROM runs r JOIN jobs j ON j.seq = r.job LEFT JOIN attempts a ON a.run = r.seq AND a.number = r.attempt`;

/** The rows that `where` gives: everything after FROM, with `r` for the run and `j` for its job. */
export function runRows(of: Reading, where: string, ...values: readonly (string | number)[]): RunRow[] {
  return of.sql.all<RunRow>(`${SELECT_RUN} ${where}`, ...values);
}

/** By its id; undefined when there is none. */
export function findRunRow(of: Reading, run: RunId): RunRow | undefined {
  const [job, number] = splitRunId(run);
  return runRows(of, 'WHERE j.id = ? AND r.number = ?', job, number)[0];
}

/** Give it to `runRows` with the job's seq. */
export const LIVE = "WHERE r.job = ? AND r.finished_at IS NULL AND r.place IS NOT 'turn'";

/** Some of a job's runs that a worker holds. */
export function runningRows(of: Reading, job: number, limit: number): RunRow[] {
  return runRows(of, 'WHERE r.job = ? AND r.finished_at IS NULL AND r.place IS NULL LIMIT ?', job, limit);
}

export function seenRuns(of: Reading, where: string, ...values: readonly (string | number)[]): Run[] {
  return of.sql.all<SeenRunRow>(`${SELECT_SEEN_RUN} ${where}`, ...values).map(toRun);
}

/** The newest live runs of a job, 250 at most, with numbers below `before`; none of an unknown job. */
export function liveRuns(of: Reading, id: JobId, before: number = Number.MAX_SAFE_INTEGER): Run[] {
  const job = of.sql.one<{ readonly seq: number }>('SELECT seq FROM jobs WHERE id = ?', id);
  const where = `${LIVE} AND r.number < ? ORDER BY r.number DESC LIMIT ?`;
  return job === undefined ? [] : seenRuns(of, where, job.seq, before, MOST_ITEMS);
}

export function seenRun(of: Reading, seq: number): Run {
  const [run] = seenRuns(of, 'WHERE r.seq = ?', seq);
  if (run === undefined) throw new Error(`no run of seq ${seq}`);
  return run;
}

function attemptsOf(of: Reading, run: number): Attempt[] {
  return of.sql.all<AttemptRow>('SELECT * FROM attempts WHERE run = ? ORDER BY number', run).map(toAttempt);
}

/** With its attempts, the first first. */
export function getRun(of: Reading, id: RunId): { readonly run: Run; readonly attempts: readonly Attempt[] } | null {
  const row = findRunRow(of, id);
  return row === undefined ? null : { run: seenRun(of, row.seq), attempts: attemptsOf(of, row.seq) };
}

type StateAndPlace = Pick<RunRow, 'status' | 'place'>;

/** 1 or 0, to be added up. */
export function isWaiting(run: StateAndPlace): 0 | 1 {
  return run.place === 'turn' ? 1 : 0;
}

/** 1 or 0, to be added up. */
export function isLive(run: StateAndPlace): 0 | 1 {
  return (run.status === 'pending' || run.status === 'running') && run.place !== 'turn' ? 1 : 0;
}

/** The two parts of a run id; what is no run id gives parts that nothing has. */
export function splitRunId(run: RunId): readonly [job: string, number: number] {
  const dot = run.lastIndexOf('.');
  return [run.slice(0, dot), Number(run.slice(dot + 1))];
}

export function idOf(row: Pick<RunRow, 'job_id' | 'number'>): RunId {
  return runId(row.job_id, row.number);
}

export function toRun(row: SeenRunRow): Run {
  const outcome = row.outcome === null ? null : (JSON.parse(row.outcome) as Outcome);
  return {
    id: idOf(row),
    jobId: row.job_id,
    jobName: row.job_name,
    number: row.number,
    status: row.status,
    reason: row.reason,
    detail: row.detail,
    trigger: row.trigger,
    scheduledFor: row.scheduled_for,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
    leftRunning: row.left_running ?? 0,
    queue: row.queue,
    priority: row.priority,
    place: row.place,
    readyAt: row.place === 'delay' ? row.ready_at : null,
    attempt: row.attempt,
    worker: row.worker,
    ...endingOf(outcome),
    cancelRequested: row.cancel_reason !== null,
    contactLostAt: row.contact_lost_at,
    lateAt: row.late_at,
    outputBytes: row.output_total ?? 0,
    outputTruncated: (row.output_kept ?? 0) < (row.output_total ?? 0),
    skipped: skippedOf(row),
  };
}

function endingOf(outcome: Outcome | null): Pick<Run, 'exitCode' | 'signal'> {
  if (outcome === null) return { exitCode: null, signal: null };
  if (outcome.status === 'succeeded') return { exitCode: 0, signal: null };
  return {
    exitCode: 'exitCode' in outcome ? (outcome.exitCode ?? null) : null,
    signal: 'signal' in outcome ? (outcome.signal ?? null) : null,
  };
}

export function skippedOf(row: RunRow): SkippedSlots | null {
  const { skipped_first: first, skipped_last: last, skipped_count: count } = row;
  if (first === null || last === null || count === null) return null;
  return { first, last, count, atLeast: row.skipped_at_least === 1 };
}

function toAttempt(row: AttemptRow): Attempt {
  return {
    number: row.number,
    version: row.version,
    fence: row.fence,
    owner: row.owner,
    worker: row.worker,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    durationMs: row.duration_ms,
    outcome: row.outcome === null ? null : (JSON.parse(row.outcome) as Outcome),
    leftRunning: row.left_running,
    outputBytes: row.output_total,
    outputDropped: row.output_total - row.output_kept,
  };
}
