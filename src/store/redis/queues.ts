/** Queues: what there is in each, and what people set of it. */
import type { QueueChange, QueueCounts } from '../queues.ts';
import { fieldsOf, type Fields } from './fields.ts';
import type { RedisLink } from './link.ts';
import { counters } from './numbers.ts';

export async function queues(link: RedisLink): Promise<QueueCounts[]> {
  const [n, settings] = await Promise.all([counters(link), settingsOf(link)]);
  const running = positive(n, 'running:');
  const named = [...positive(n, 'pending:').keys(), ...running.keys(), ...settings.keys()];
  const names = [...new Set(['default', ...named])].toSorted();
  const queued = await link.read(names.map((name) => ['ZCARD', `${link.prefix}q:${name}`]));
  return names.map((name, index) => {
    const { paused, maxRunning } = toSetting(settings.get(name));
    return { name, queued: Number(queued[index]), running: running.get(name) ?? 0, paused, maxRunning };
  });
}

export async function setQueue(link: RedisLink, name: string, { paused, maxRunning }: QueueChange): Promise<void> {
  const pausing = paused === undefined ? '' : paused ? 1 : 0;
  await link.run('set-queue', name, pausing, maxRunning === null ? 'any' : (maxRunning ?? ''));
}

async function settingsOf(link: RedisLink): Promise<Map<string, string | undefined>> {
  const [reply] = await link.read([['HGETALL', `${link.prefix}queues`]]);
  return new Map(Object.entries(fieldsOf(reply) ?? {}));
}

function toSetting(stored = ':'): Pick<QueueCounts, 'paused' | 'maxRunning'> {
  const [paused, most] = stored.split(':');
  return { paused: paused === 'p', maxRunning: most ? Number(most) : null };
}

/** Those above 0, by what follows the prefix of their names. */
function positive(counters: Fields, prefix: string): Map<string, number> {
  const found = Object.entries(counters).filter(([field, value]) => field.startsWith(prefix) && Number(value) > 0);
  return new Map(found.map(([field, value]) => [field.slice(prefix.length), Number(value)]));
}
