/** Workers, as they report themselves. */
import { workerId, type WorkerId } from '../../../domain/id.ts';
import { DAY, type Instant } from '../../../domain/instant.ts';
import type { ProcessInstance } from '../../../instance.ts';
import { LEASE } from '../../leases.ts';
import type { WorkerInfo, WorkerRecord } from '../../workers.ts';
import type { RedisLink } from '../link/link.ts';

/** Fields of `w:<owner>` as scripts and readers know them. */
const FIELDS = [
  'name',
  'host',
  'pid',
  'instance',
  'version',
  'queues',
  'concurrency',
  'running',
  'state',
  'started_at',
  'last_seen_at',
] as const;
type Stored = Record<(typeof FIELDS)[number], string>;

/** There only when somebody asked for it. */
const DRAIN = 'drain';

export async function heartbeat(link: RedisLink, worker: WorkerInfo): Promise<'ok' | 'drain'> {
  const { id, name, host, pid, instance, version, queues, concurrency, running, state } = worker;
  const fields = { name, host, pid, version, concurrency, running, state };
  const structured = { instance: JSON.stringify(instance), queues: JSON.stringify(queues) };
  const reply = await link.run('heartbeat', id, ...Object.entries({ ...fields, ...structured }).flat());
  return reply === 'drain' ? 'drain' : 'ok';
}

export async function drainWorker(link: RedisLink, worker: WorkerId): Promise<'asked' | 'not_found'> {
  return (await link.run('drain-worker', worker)) === 'asked' ? 'asked' : 'not_found';
}

/** Those seen within a day, and any that still holds runs; newest start first. */
export async function workers(link: RedisLink): Promise<WorkerRecord[]> {
  const now = await link.now();
  const [ids] = (await link.read([['ZRANGE', `${link.prefix}workers`, 0, -1]])) as [string[]];
  if (ids.length === 0) return [];
  const replies = await link.read(
    ids.flatMap((id) => [
      ['HMGET', `${link.prefix}w:${id}`, ...FIELDS, DRAIN],
      ['ZCARD', `${link.prefix}h:${id}`],
    ]),
  );
  return ids
    .flatMap((id, index) => {
      const [values, held] = replies.slice(2 * index, 2 * index + 2) as [(string | null)[], number];
      const worker = toRecord(workerId(id), values, now);
      return worker !== null && (worker.lastSeenAt >= now - DAY || held > 0) ? [worker] : [];
    })
    .toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
}

/** Null for one that was forgotten since its name was read. */
function toRecord(id: WorkerId, values: readonly (string | null)[], now: Instant): WorkerRecord | null {
  const drain = values[FIELDS.length] != null;
  if (values.slice(0, FIELDS.length).includes(null)) return null;
  const stored = Object.fromEntries(FIELDS.map((field, index) => [field, values[index]])) as Stored;
  const state = drain && stored.state === 'active' ? 'draining' : (stored.state as WorkerRecord['state']);
  const lastSeenAt = Number(stored.last_seen_at);
  return {
    id,
    name: stored.name,
    host: stored.host,
    pid: Number(stored.pid),
    instance: JSON.parse(stored.instance) as ProcessInstance,
    version: stored.version,
    queues: JSON.parse(stored.queues) as string[],
    concurrency: Number(stored.concurrency),
    running: Number(stored.running),
    state,
    startedAt: Number(stored.started_at),
    lastSeenAt,
    alive: state !== 'stopped' && lastSeenAt >= now - LEASE,
  };
}
