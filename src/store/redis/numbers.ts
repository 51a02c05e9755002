/** How many there are of what: the counters that scripts keep in `n`. */
import { RUN_STATUSES, type RunStatus } from '../../domain/run.ts';
import type { Counts, QueueCounts } from '../views.ts';
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

export async function queues(link: RedisLink): Promise<QueueCounts[]> {
  const n = await counters(link);
  const running = positive(n, 'running:');
  const names = [...new Set(['default', ...positive(n, 'pending:').keys(), ...running.keys()])].toSorted();
  const queued = await link.read(names.map((name) => ['ZCARD', `${link.prefix}q:${name}`]));
  return names.map((name, index) => ({ name, queued: Number(queued[index]), running: running.get(name) ?? 0 }));
}

async function counters(link: RedisLink): Promise<Fields> {
  const [reply] = await link.read([['HGETALL', `${link.prefix}n`]]);
  return fieldsOf(reply) ?? {};
}

/** Those above 0, by what follows the prefix of their names. */
function positive(counters: Fields, prefix: string): Map<string, number> {
  const found = Object.entries(counters).filter(([field, value]) => field.startsWith(prefix) && Number(value) > 0);
  return new Map(found.map(([field, value]) => [field.slice(prefix.length), Number(value)]));
}
