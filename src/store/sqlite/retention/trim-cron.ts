/**
 * Retention of cron jobs' runs, each by its job's own policy; and of jobs that were deleted, of either kind, which go with
 * all their runs.
 *
 * `trim_at` says when a job is to be looked at: at once when a run of it ended, its policy changed or it was deleted, else
 * when its oldest run will be too old. So a job with nothing to trim costs nothing, however many runs it keeps.
 */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import { DAY, MINUTE, type Instant } from '../../../domain/instant.ts';
import {
  expendable,
  isTooOld,
  NOTHING_KEPT,
  rowsToLookAt,
  type Retainable,
  type RetentionPolicy,
} from '../../../domain/retention.ts';
import type { JobRow } from '../jobs/job-rows.ts';
import { removeJob, removeRuns } from './remove.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** How many rows one call looks at, about. */
const MOST_ROWS = 2_000;
/** How many of a job's oldest runs are asked for their age at once. */
const OLDEST = 20;

const FINAL_RUNS = `SELECT seq, status, finished_at AS finishedAt FROM runs WHERE job = ? AND finished_at IS NOT NULL`;

interface FinalRun extends Retainable {
  readonly seq: number;
  readonly finishedAt: Instant;
}

interface Found {
  readonly gone: readonly FinalRun[];
  /** When the oldest of those that stay will be too old; null when none stays. */
  readonly again: Instant | null;
  readonly looked: number;
}

/** Removes at most `limit` runs and deleted jobs. `more`: whether there is more to look at. */
export function trimCronJobs(
  tx: Transaction,
  limit: number,
): { readonly jobs: number; readonly runs: number; readonly more: boolean } {
  let [jobs, runs, looked] = [0, 0, 0];
  for (let job = nextJob(tx); job !== undefined; job = nextJob(tx)) {
    const left = limit - jobs - runs;
    if (left <= 0 || looked >= MOST_ROWS) return { jobs, runs, more: true };
    const found = expiredRuns(tx, job, left);
    removeRuns(tx, found.gone);
    runs += found.gone.length;
    looked += found.looked + 1;
    if (found.gone.length === 0) jobs += settle(tx, job, found.again);
  }
  return { jobs, runs, more: false };
}

/** The job is looked at by the next call, since what it keeps may have changed. Of once jobs only those that are deleted. */
export function trimSoon(tx: Transaction, job: number): void {
  tx.sql.run(
    `UPDATE jobs SET trim_at = min(ifnull(trim_at, ?1), ?1)
     WHERE seq = ?2 AND (type = 'cron' OR deleted_at IS NOT NULL)`,
    tx.now,
    job,
  );
}

function nextJob(tx: Transaction): JobRow | undefined {
  return tx.sql.one<JobRow>('SELECT * FROM jobs WHERE trim_at <= ? ORDER BY trim_at LIMIT 1', tx.now);
}

/** Some of those that may go, at most `most`: too old ones from the oldest end, else those beyond what the job keeps. */
function expiredRuns(tx: Transaction, job: JobRow, most: number): Found {
  const policy = job.deleted_at === null ? decodeDefinition(job.definition) : NOTHING_KEPT;
  const oldest = tx.sql.all<FinalRun>(`${FINAL_RUNS} ORDER BY number LIMIT ?`, job.seq, Math.min(most, OLDEST));
  const tooOld = oldest.filter((run) => isTooOld(policy, run, tx.now));
  const first = Math.min(...oldest.map(({ finishedAt }) => finishedAt));
  const again = oldest.length === 0 ? null : first + policy.keepDays * DAY + 1;
  if (tooOld.length > 0) return { gone: tooOld, again, looked: oldest.length };
  if (job.last_number <= policy.keepRuns) return { gone: [], again, looked: oldest.length };
  const { gone, looked } = tooMany(tx, job, policy, most);
  return { gone, again, looked: oldest.length + looked };
}

/** Those that are kept for being the newest are only passed over. */
function tooMany(tx: Transaction, job: JobRow, policy: RetentionPolicy, most: number): Omit<Found, 'again'> {
  const beyond = { ...policy, keepRuns: 0 };
  const rows = tx.sql.all<FinalRun>(
    `${FINAL_RUNS} ORDER BY number DESC LIMIT ? OFFSET ?`,
    job.seq,
    rowsToLookAt(beyond, most),
    policy.keepRuns,
  );
  return { gone: expendable(beyond, rows, tx.now).slice(0, most), looked: policy.keepRuns + rows.length };
}

/** Nothing of it may go now. @returns how many jobs were removed: one that was deleted goes with its last run. */
function settle(tx: Transaction, job: JobRow, again: Instant | null): 0 | 1 {
  const isLeft = job.deleted_at !== null && again === null;
  const hasRuns = isLeft && tx.sql.one('SELECT 1 FROM runs WHERE job = ? LIMIT 1', job.seq) !== undefined;
  if (isLeft && !hasRuns) {
    removeJob(tx, job);
    return 1;
  }
  // The end of a deleted job's run is nothing that it is looked at for.
  tx.sql.run('UPDATE jobs SET trim_at = ? WHERE seq = ?', hasRuns ? tx.now + MINUTE : again, job.seq);
  return 0;
}
