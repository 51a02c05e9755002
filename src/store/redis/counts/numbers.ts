/** How many there are of what: the counters that scripts keep in `n`. */
import { RUN_STATUSES, type RunStatus } from '../../../domain/run.ts';
import { OVERDUE } from '../../../domain/schedule/misfire.ts';
import { toTotals, type Totals } from '../../totals.ts';
import { MOST_COUNTED, type Counts } from '../../views.ts';
import { fieldsOf, type Fields } from '../fields.ts';
import type { RedisLink } from '../link/link.ts';

export async function counts(link: RedisLink): Promise<Counts> {
  const [n, { waitingLate, overdue }] = await Promise.all([counters(link), countByNow(link)]);
  const of = (field: string): number => Number(n[field] ?? 0);
  return {
    jobs: {
      once: of('jobs:once'),
      scheduled: of('jobs:scheduled'),
      paused: of('jobs:paused'),
      finished: of('jobs:finished'),
    },
    runs: Object.fromEntries(RUN_STATUSES.map((status) => [status, of(`runs:${status}`)])) as Record<RunStatus, number>,
    waitingLate,
    overdue,
  };
}

export async function totals(link: RedisLink): Promise<Totals> {
  const n = Object.entries(await counters(link));
  return toTotals((kind) => {
    const prefix = `${kind}:`;
    const own = n.filter(([field]) => field.startsWith(prefix));
    return new Map(own.map(([field, value]) => [field.slice(prefix.length), Number(value)]));
  });
}

/** What nobody counts as it happens, since it comes by waiting. */
async function countByNow(link: RedisLink): Promise<Pick<Counts, 'waitingLate' | 'overdue'>> {
  const now = await link.now();
  const replies = await link.read([
    ['ZCOUNT', `${link.prefix}late`, '-inf', `(${now}`],
    ['ZCOUNT', `${link.prefix}due`, '-inf', `(${now - OVERDUE}`],
  ]);
  const [waitingLate = 0, overdue = 0] = replies.map((reply) => Math.min(Number(reply), MOST_COUNTED));
  return { waitingLate, overdue };
}

export async function counters(link: RedisLink): Promise<Fields> {
  const [reply] = await link.read([['HGETALL', `${link.prefix}n`]]);
  return fieldsOf(reply) ?? {};
}
