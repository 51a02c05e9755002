/** Lists of jobs. */
import type { Job } from '../../../domain/job.ts';
import { matchesJob } from '../../filters.ts';
import { MOST_LOOKED_AT, positionOf, type Listed } from '../../page.ts';
import type { Cursor, JobFilter, Page } from '../../views.ts';
import { seenJob, SELECT_SEEN_JOB, toJob, type SeenJobRow } from './job-rows.ts';
import { toPage } from '../page.ts';
import type { Reading } from '../transaction/transaction.ts';

export function listJobs(of: Reading, filter: JobFilter, limit: number, cursor: Cursor | null): Page<Job> {
  return toPage(jobsBefore(of, filter, positionOf(cursor, 'jobs')), 'jobs', limit, (job) => matchesJob(filter, job));
}

function jobsBefore(of: Reading, { status = [] }: JobFilter, position: number): Iterable<Listed<Job>> {
  return status.length === 0 ? newestJobs(of, position) : jobsOfStatus(of, [...new Set(status)], position);
}

function* newestJobs(of: Reading, position: number): Iterable<Listed<Job>> {
  const where = 'WHERE j.seq < ? AND j.deleted_at IS NULL ORDER BY j.seq DESC LIMIT ?';
  const rows = of.sql.iterate<SeenJobRow>(`${SELECT_SEEN_JOB} ${where}`, position, MOST_LOOKED_AT + 1);
  for (const row of rows) yield { position: row.seq, row: toJob(row) };
}

/** SQLite merges the statuses' own orders, and sorts nothing; only the rows that are looked at are read. */
function* jobsOfStatus(of: Reading, statuses: readonly string[], position: number): Iterable<Listed<Job>> {
  const one = 'SELECT seq FROM jobs WHERE status = ? AND seq < ? AND deleted_at IS NULL';
  const found = of.sql.all<{ readonly seq: number }>(
    `${statuses.map(() => one).join(' UNION ALL ')} ORDER BY seq DESC LIMIT ?`,
    ...statuses.flatMap((status) => [status, position]),
    MOST_LOOKED_AT + 1,
  );
  for (const { seq } of found) yield { position: seq, row: seenJob(of, seq) };
}
