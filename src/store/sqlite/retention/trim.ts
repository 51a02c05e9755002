/**
 * Retention, a small step at a time: once jobs that are done, then deleted jobs and runs of cron jobs by their own policy,
 * then output beyond the budget, then what only served to recognise repeats.
 *
 * Everybody waits while it works: no step looks at more than about 2,000 rows, or removes more than it was allowed.
 */
import { DAY, HOUR } from '../../../domain/instant.ts';
import { IDEMPOTENCY_HOURS } from '../../jobs.ts';
import type { Trimmed, TrimPolicy } from '../../views.ts';
import { trimAudit } from '../access/audit.ts';
import { readCounter } from '../counts/counters.ts';
import type { JobRow } from '../jobs/job-rows.ts';
import { forgetSessions } from '../access/keys.ts';
import { removeJob, removeOutput, removeRuns } from './remove.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { trimCronJobs } from './trim-cron.ts';

type OnceJobRow = Pick<JobRow, 'seq' | 'id' | 'type' | 'done_at' | 'deleted_at'>;

/** How many bytes of output one call drops, about. */
const MOST_BYTES = 16 * 1024 * 1024;

export function trim(tx: Transaction, policy: TrimPolicy, limit: number): Trimmed {
  const once = trimOnceJobs(tx, policy, limit);
  const left = limit - once.jobs - once.runs;
  const cron = trimCronJobs(tx, left);
  const { outputs, more } = trimOutputs(tx, policy, limit);
  const forgotten = Math.max(forget(tx, limit), forgetSessions(tx, limit), trimAudit(tx, policy, limit));
  return {
    jobs: once.jobs + cron.jobs,
    runs: once.runs + cron.runs,
    outputs,
    more: left <= 0 || cron.more || more || forgotten >= limit,
  };
}

/** At most `limit` runs and jobs. One with more runs than that loses them first, and goes in a later call. */
function trimOnceJobs(
  tx: Transaction,
  policy: TrimPolicy,
  limit: number,
): { readonly jobs: number; readonly runs: number } {
  let [jobs, runs] = [0, 0];
  for (const job of expiredOnceJobs(tx, policy, limit)) {
    const left = limit - jobs - runs;
    const gone = tx.sql.all<{ readonly seq: number; readonly status: string }>(
      'SELECT seq, status FROM runs WHERE job = ? LIMIT ?',
      job.seq,
      left,
    );
    removeRuns(tx, gone);
    runs += gone.length;
    if (gone.length === left) break;
    removeJob(tx, job);
    jobs += 1;
  }
  return { jobs, runs };
}

/** Too old or too many: both are the longest done, so that the longer list of the two is both. */
function expiredOnceJobs(tx: Transaction, policy: TrimPolicy, limit: number): OnceJobRow[] {
  const select = 'SELECT seq, id, type, done_at, deleted_at FROM jobs';
  const before = tx.now - policy.onceKeepDays * DAY;
  const tooOld = tx.sql.all<OnceJobRow>(`${select} WHERE done_at < ? ORDER BY done_at, seq LIMIT ?`, before, limit);
  const tooMany = Math.min(limit, readCounter(tx.sql, 'done', '') - policy.onceKeepCount);
  if (tooMany <= tooOld.length) return tooOld;
  return tx.sql.all<OnceJobRow>(`${select} WHERE done_at IS NOT NULL ORDER BY done_at, seq LIMIT ?`, tooMany);
}

/** Of attempts that have ended, longest ended first, until the rest is within the budget. */
function trimOutputs(
  tx: Transaction,
  policy: TrimPolicy,
  limit: number,
): { readonly outputs: number; readonly more: boolean } {
  let excess =
    readCounter(tx.sql, 'output', '') + (tx.effects.counts.get('output:')?.by ?? 0) - policy.outputBudgetBytes;
  if (excess <= 0) return { outputs: 0, more: false };
  const oldest = tx.sql.all<{ readonly run: number; readonly number: number; readonly bytes: number }>(
    `SELECT run, number, (SELECT sum(size) FROM output o WHERE o.run = a.run AND o.attempt = a.number) AS bytes
     FROM attempts a WHERE output_kept > 0 AND finished_at IS NOT NULL ORDER BY finished_at LIMIT ?`,
    limit,
  );
  let [outputs, dropped] = [0, 0];
  for (const { run, number, bytes } of oldest) {
    if (excess <= 0) break;
    if (dropped >= MOST_BYTES) return { outputs, more: true };
    removeOutput(tx, run, number);
    excess -= bytes;
    dropped += bytes;
    outputs += 1;
  }
  return { outputs, more: outputs >= limit };
}

/**
 * Keys and requests that are no longer recognised, workers that are gone for good, counters at 0; at most `limit` of
 * each. @returns how many of what there were the most of.
 */
function forget(tx: Transaction, limit: number): number {
  const recognised = tx.now - IDEMPOTENCY_HOURS * HOUR;
  const some = (table: string, key: string, where: string): string =>
    `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ?)`;
  const notHolding = "NOT IN (SELECT owner FROM runs WHERE status = 'running')";
  tx.sql.run('DELETE FROM counters WHERE value = 0');
  return Math.max(
    tx.sql.run(some('idempotency_keys', 'key', 'created_at <= ?'), recognised, limit),
    tx.sql.run(some('trigger_requests', 'request', 'created_at <= ?'), recognised, limit),
    tx.sql.run(some('workers', 'id', `last_seen_at < ? AND id ${notHolding}`), tx.now - DAY, limit),
    tx.sql.run(some('claims', 'owner', `claimed_at < ? AND owner ${notHolding}`), tx.now - DAY, limit),
  );
}
