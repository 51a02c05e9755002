/** How many there are of what. */
import { RUN_STATUSES, type RunStatus } from '../../domain/run.ts';
import type { Counts } from '../views.ts';
import { readCounters } from './counters.ts';
import type { Reading } from './transaction.ts';

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
  };
}
