/** Lists of runs. */
import type { JobId } from '../../../domain/id.ts';
import type { JobDefinition } from '../../../domain/job.ts';
import type { Run } from '../../../domain/run.ts';
import { matchesRun } from '../../filters.ts';
import { boundsOf, MOST_LOOKED_AT, positionOf, type Listed } from '../../page.ts';
import type { Cursor, Page, RunFilter } from '../../views.ts';
import { findDefinition } from '../jobs/job-rows.ts';
import { toPage } from '../page.ts';
import { seenRun, SELECT_SEEN_RUN, toRun, type SeenRunRow } from './run-rows.ts';
import type { Reading } from '../transaction/transaction.ts';

export function listRuns(of: Reading, filter: RunFilter, limit: number, cursor: Cursor | null): Page<Run> {
  const order = filter.job === undefined ? 'runs' : 'numbers';
  const matched = { now: of.now, definitionOf: rememberedDefinitions(of) };
  return toPage(runsBefore(of, filter, positionOf(cursor, order)), order, limit, (run) =>
    matchesRun(filter, run, matched),
  );
}

/** Most runs of a page are of few jobs. */
function rememberedDefinitions(of: Reading): (job: JobId) => JobDefinition | undefined {
  const known = new Map<JobId, JobDefinition | undefined>();
  return (job) => {
    if (!known.has(job)) known.set(job, findDefinition(of, job));
    return known.get(job);
  };
}

function runsBefore(of: Reading, filter: RunFilter, position: number): Iterable<Listed<Run>> {
  if (filter.job !== undefined) return runsOfJob(of, filter.job, position);
  const { newest, oldest } = boundsOf(filter, position);
  if (filter.status === undefined || filter.status.length === 0) {
    return listed(of, 'WHERE r.seq < ? AND r.seq >= ? ORDER BY r.seq DESC LIMIT ?', newest, oldest);
  }
  return runsOfStatus(of, filter.status, newest, oldest);
}

/** A job's runs are in the order of their numbers. */
function* runsOfJob(of: Reading, job: string, position: number): Iterable<Listed<Run>> {
  const where = 'WHERE j.id = ? AND r.number < ? ORDER BY r.number DESC LIMIT ?';
  const rows = of.sql.iterate<SeenRunRow>(`${SELECT_SEEN_RUN} ${where}`, job, position, MOST_LOOKED_AT + 1);
  for (const row of rows) yield { position: row.number, row: toRun(row) };
}

/** SQLite merges the statuses' own orders, and sorts nothing; only the rows that are looked at are read. */
function* runsOfStatus(of: Reading, status: readonly string[], newest: number, oldest: number): Iterable<Listed<Run>> {
  const statuses = [...new Set(status)];
  const each = statuses.map(() => 'SELECT seq FROM runs WHERE status = ? AND seq < ? AND seq >= ?').join(' UNION ALL ');
  const found = of.sql.all<{ readonly seq: number }>(
    `${each} ORDER BY seq DESC LIMIT ?`,
    ...statuses.flatMap((one) => [one, newest, oldest]),
    MOST_LOOKED_AT + 1,
  );
  for (const { seq } of found) yield { position: seq, row: seenRun(of, seq) };
}

function* listed(of: Reading, where: string, ...values: readonly (string | number)[]): Iterable<Listed<Run>> {
  const rows = of.sql.iterate<SeenRunRow>(`${SELECT_SEEN_RUN} ${where}`, ...values, MOST_LOOKED_AT + 1);
  for (const row of rows) yield { position: row.seq, row: toRun(row) };
}
