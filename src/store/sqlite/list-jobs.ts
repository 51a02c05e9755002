/** Lists of jobs. */
import type { Job } from '../../domain/job.ts';
import { matchesJob } from '../filters.ts';
import type { Cursor, JobFilter, Page } from '../views.ts';
import { SELECT_SEEN_JOB, toJob, type SeenJobRow } from './job-rows.ts';
import { MOST_LOOKED_AT, positionOf, toPage, type Listed } from './page.ts';
import type { Reading } from './transaction.ts';

export function listJobs(of: Reading, filter: JobFilter, limit: number, cursor: Cursor | null): Page<Job> {
  return toPage(jobsBefore(of, filter, positionOf(cursor)), limit, (job) => matchesJob(filter, job));
}

function jobsBefore(of: Reading, { status = [] }: JobFilter, position: number): Iterable<Listed<Job>> {
  const statuses = [...new Set(status)];
  if (statuses.length === 0) {
    return listed(of, 'WHERE j.seq < ? AND j.deleted_at IS NULL ORDER BY j.seq DESC LIMIT ?', position);
  }
  const each = statuses
    .map(() => 'SELECT seq FROM jobs WHERE status = ? AND seq < ? AND deleted_at IS NULL')
    .join(' UNION ALL ');
  const where = `JOIN (${each} ORDER BY seq DESC LIMIT ?) page ON page.seq = j.seq ORDER BY j.seq DESC`;
  return listed(of, where, ...statuses.flatMap((one) => [one, position]));
}

function* listed(of: Reading, where: string, ...values: readonly (string | number)[]): Iterable<Listed<Job>> {
  const rows = of.sql.iterate<SeenJobRow>(`${SELECT_SEEN_JOB} ${where}`, ...values, MOST_LOOKED_AT + 1);
  for (const row of rows) yield { position: row.seq, row: toJob(row) };
}
