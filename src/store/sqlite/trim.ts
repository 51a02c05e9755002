/**
 * Retention, a small step at a time: once jobs that are done, then runs of cron jobs by their own policy, then output
 * beyond the budget, then what only served to recognise repeats.
 */
import { DAY, HOUR } from '../../domain/instant.ts';
import { decodeDefinition } from '../../domain/definition-json.ts';
import { expendable, isTooOld, rowsToLookAt, type Retainable } from '../../domain/retention.ts';
import { IDEMPOTENCY_HOURS } from '../jobs.ts';
import type { Trimmed, TrimPolicy } from '../views.ts';
import { readCounter } from './counters.ts';
import type { JobRow } from './job-rows.ts';
import { removeJob, removeOutput, removeRuns } from './remove.ts';
import type { Transaction } from './transaction.ts';

/** How many cron jobs one call looks at, most of which have nothing to trim. */
const MOST_JOBS_LOOKED_AT = 500;

/** Where the walk over all cron jobs goes on. */
export interface TrimProgress {
  /** The last job that was looked at; 0 at the beginning. */
  job: number;
}

interface FinalRun extends Retainable {
  readonly seq: number;
}

export function trim(tx: Transaction, progress: TrimProgress, policy: TrimPolicy, limit: number): Trimmed {
  const once = trimOnceJobs(tx, policy, limit);
  const cron = trimCronJobs(tx, progress, limit - once.jobs);
  const outputs = trimOutputs(tx, policy, limit);
  forget(tx);
  return {
    jobs: once.jobs + cron.jobs,
    runs: once.runs + cron.runs,
    outputs,
    more: once.jobs + cron.jobs + cron.runs >= limit || cron.more || outputs >= limit,
  };
}

function trimOnceJobs(
  tx: Transaction,
  policy: TrimPolicy,
  limit: number,
): { readonly jobs: number; readonly runs: number } {
  const tooMany = Math.max(0, readCounter(tx.sql, 'done', '') - policy.onceKeepCount);
  const old = tx.sql.all<JobRow>('SELECT * FROM jobs WHERE done_at IS NOT NULL ORDER BY done_at, seq LIMIT ?', limit);
  const expired = old.filter(
    ({ done_at: doneAt }, index) => index < tooMany || (doneAt ?? tx.now) < tx.now - policy.onceKeepDays * DAY,
  );
  return { jobs: expired.length, runs: expired.reduce((sum, job) => sum + removeWithRuns(tx, job), 0) };
}

function removeWithRuns(tx: Transaction, job: JobRow): number {
  const runs = tx.sql.all<FinalRun>('SELECT seq, status, finished_at AS finishedAt FROM runs WHERE job = ?', job.seq);
  removeRuns(tx, runs);
  removeJob(tx, job);
  return runs.length;
}

function trimCronJobs(
  tx: Transaction,
  progress: TrimProgress,
  limit: number,
): { readonly jobs: number; readonly runs: number; readonly more: boolean } {
  let [jobs, runs] = [0, 0];
  const rows = tx.sql.all<JobRow>(
    "SELECT * FROM jobs WHERE type = 'cron' AND seq > ? ORDER BY seq LIMIT ?",
    progress.job,
    MOST_JOBS_LOOKED_AT,
  );
  for (const job of rows) {
    const left = limit - jobs - runs;
    if (left <= 0) return { jobs, runs, more: true };
    const gone = expiredRuns(tx, job, left);
    removeRuns(tx, gone);
    runs += gone.length;
    if (gone.length === left) return { jobs, runs, more: true };
    if (job.deleted_at !== null && isEmpty(tx, job.seq)) {
      removeJob(tx, job);
      jobs += 1;
    }
    progress.job = job.seq;
  }
  const more = rows.length === MOST_JOBS_LOOKED_AT;
  if (!more) progress.job = 0;
  return { jobs, runs, more };
}

/** At most `most` of those that may go: beyond what the job keeps by number, and too old from the other end. */
function expiredRuns(tx: Transaction, job: JobRow, most: number): FinalRun[] {
  const policy = decodeDefinition(job.definition);
  const select = 'SELECT seq, status, finished_at AS finishedAt FROM runs WHERE job = ? AND finished_at IS NOT NULL';
  const oldest = tx.sql.all<FinalRun>(`${select} ORDER BY number LIMIT ?`, job.seq, most);
  const tooOld = oldest.filter((run) => isTooOld(policy, run, tx.now));
  if (tooOld.length > 0) return tooOld;
  if (job.last_number <= policy.keepRuns) return [];
  const lookAt = rowsToLookAt(policy, most);
  const newest = tx.sql.all<FinalRun>(`${select} ORDER BY number DESC LIMIT ?`, job.seq, lookAt);
  return expendable(policy, newest, tx.now).slice(0, most);
}

function isEmpty(tx: Transaction, job: number): boolean {
  return tx.sql.one('SELECT 1 FROM runs WHERE job = ? LIMIT 1', job) === undefined;
}

/** Of attempts that have ended, longest ended first, until the rest is within the budget. */
function trimOutputs(tx: Transaction, policy: TrimPolicy, limit: number): number {
  let stored = readCounter(tx.sql, 'output', '') + (tx.effects.counts.get('output:')?.by ?? 0);
  if (stored <= policy.outputBudgetBytes) return 0;
  const oldest = tx.sql.all<{ readonly run: number; readonly number: number; readonly bytes: number }>(
    `SELECT run, number, (SELECT sum(size) FROM output o WHERE o.run = a.run AND o.attempt = a.number) AS bytes
     FROM attempts a WHERE output_kept > 0 AND finished_at IS NOT NULL ORDER BY finished_at LIMIT ?`,
    limit,
  );
  let outputs = 0;
  for (const { run, number, bytes } of oldest) {
    if (stored <= policy.outputBudgetBytes) break;
    removeOutput(tx, run, number);
    stored -= bytes;
    outputs += 1;
  }
  return outputs;
}

/** Keys and requests that are no longer recognised, workers that are gone for good, counters at 0. */
function forget(tx: Transaction): void {
  const recognised = tx.now - IDEMPOTENCY_HOURS * HOUR;
  tx.sql.run('DELETE FROM idempotency_keys WHERE created_at <= ?', recognised);
  tx.sql.run('DELETE FROM trigger_requests WHERE created_at <= ?', recognised);
  const holding = "SELECT owner FROM runs WHERE status = 'running'";
  tx.sql.run(`DELETE FROM workers WHERE last_seen_at < ? AND id NOT IN (${holding})`, tx.now - DAY);
  tx.sql.run(`DELETE FROM claims WHERE claimed_at < ? AND owner NOT IN (${holding})`, tx.now - DAY);
  tx.sql.run('DELETE FROM counters WHERE value = 0');
}
