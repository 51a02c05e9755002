/** How many there are of what: the counters that scripts keep in `n`. */
import { RUN_STATUSES, type RunStatus } from '../../domain/run.ts';
import type { Counts } from '../views.ts';
import { fieldsOf, type Fields } from './fields.ts';
import type { RedisLink } from './link.ts';

export async function counts(link: RedisLink): Promise<Counts> {
  const n = await counters(link);
  const of = (field: string): number => Number(n[field] ?? 0);
  return {
    jobs: {
      once: of('jobs:once'),
      scheduled: of('jobs:scheduled'),
      paused: of('jobs:paused'),
      finished: of('jobs:finished'),
    },
    runs: Object.fromEntries(RUN_STATUSES.map((status) => [status, of(`runs:${status}`)])) as Record<RunStatus, number>,
  };
}

export async function counters(link: RedisLink): Promise<Fields> {
  const [reply] = await link.read([['HGETALL', `${link.prefix}n`]]);
  return fieldsOf(reply) ?? {};
}
