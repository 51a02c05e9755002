/** Queues: what there is in each, and what people set of it. */
import type { Instant } from '../../../domain/instant.ts';
import { MOST_PRIORITIES, type QueueChange, type QueueCounts } from '../../queues.ts';
import { fieldsOf, type Fields } from '../fields.ts';
import type { RedisLink } from '../link/link.ts';
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

/** What a priority takes of the score of a queue: see `queue_score` in lua/lib/runs.lua. */
const PRIORITY_SPAN = 2 ** 42;

/** A round trip for each priority that there is, of all queues together. */
export async function waitingSince(link: RedisLink, names: readonly string[]): Promise<(Instant | null)[]> {
  const looks = names.map((name) => ({ name, from: 0, oldest: Infinity }));
  let open = looks;
  for (let step = 0; step < MOST_PRIORITIES && open.length > 0; step += 1) {
    const heads = await link.read(
      open.map(({ name, from }) => [
        'ZRANGE',
        `${link.prefix}q:${name}`,
        from,
        '+inf',
        'BYSCORE',
        'LIMIT',
        0,
        1,
        'WITHSCORES',
      ]),
    );
    const found = open.map((look, index) => ({ look, score: scoreIn(heads[index]) }));
    for (const { look, score } of found) {
      if (score === null) continue;
      look.oldest = Math.min(look.oldest, score % PRIORITY_SPAN);
      look.from = (Math.floor(score / PRIORITY_SPAN) + 1) * PRIORITY_SPAN;
    }
    open = found.flatMap(({ look, score }) => (score === null ? [] : [look]));
  }
  return looks.map(({ oldest }) => (oldest === Infinity ? null : oldest));
}

function scoreIn(reply: unknown): number | null {
  const score: unknown = Array.isArray(reply) ? reply[1] : undefined;
  return score === undefined ? null : Number(score);
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
