/** How many there are of what. */
import { RUN_STATUSES, type RunStatus } from '../../../domain/run.ts';
import { OVERDUE } from '../../../domain/schedule/misfire.ts';
import { toTotals, type Totals } from '../../totals.ts';
import { MOST_COUNTED, type Counts } from '../../views.ts';
import { readCounters } from './counters.ts';
import type { Reading } from '../transaction/transaction.ts';

export function counts(of: Reading): Counts {
  const jobs = new Map(readCounters(of.sql, 'jobs').map(({ key, value }) => [key, value]));
  const runs = new Map(readCounters(of.sql, 'runs').map(({ key, value }) => [key, value]));
  return {
    jobs: {
      once: jobs.get('once') ?? 0,
      scheduled: jobs.get('scheduled') ?? 0,
      paused: jobs.get('paused') ?? 0,
      finished: jobs.get('finished') ?? 0,
    },
    runs: Object.fromEntries(RUN_STATUSES.map((status) => [status, runs.get(status) ?? 0])) as Record<
      RunStatus,
      number
    >,
    waitingLate: countUpTo(of, 'runs WHERE late_at < ? AND started_at IS NULL AND finished_at IS NULL', of.now),
    overdue: countUpTo(of, 'jobs WHERE next_slot < ?', of.now - OVERDUE),
  };
}

export function totals(of: Reading): Totals {
  return toTotals((kind) => new Map(readCounters(of.sql, kind).map(({ key, value }) => [key, value])));
}

/** How many rows there are: these lie in an index of their own, and are few where all is well. */
function countUpTo(of: Reading, rows: string, value: number): number {
  const sql = `SELECT count(*) AS count FROM (SELECT 1 FROM ${rows} LIMIT ${MOST_COUNTED})`;
  return of.sql.one<{ readonly count: number }>(sql, value)?.count ?? 0;
}
