/**
 * Whether what answers is a Redis that jobsched can live in, and the installation that this process belongs to.
 *
 * The hash `schema` marks an installation: which version wrote it, since when, and an id made by chance. It is gone when
 * Redis came back empty, and another when somebody began anew there. A process that saw one installation never goes on
 * in another: to it, all jobs would seem to be gone, and its workers would end their commands. It refuses until its data
 * is back, or until it is restarted.
 *
 * Programs of two versions can work on one installation, as they do during an upgrade. They agree on the installation's
 * version, at which all of them write and which all of them can read:
 *
 *   founded at the founder's ──every program seen of late knows a newer one──► that one …        it never falls
 *
 * A program that knows only older ones is refused at its start, and one that was away while the others were upgraded at
 * its next call. What is only added, such as a field of a hash or of a definition that older programs may leave unread,
 * needs no new version.
 */
import { randomUUID } from 'node:crypto';
import { MINUTE, type Millis } from '../../../domain/instant.ts';
import { JobschedError } from '../../../errors.ts';
import { isForbidden } from './trouble.ts';

/** Of how data lies in Redis: a script or a field that older versions would misread raises it. */
export const SCHEMA = 1;

/** How long no program of an older version may have been seen. Each is seen every few seconds: at ticks and heartbeats. */
export const VERSION_RISES_AFTER: Millis = MINUTE;

const OLDEST = [7, 0] as const;

/** What the installation asks of the connection that it looks through: replies as Redis gives them. */
export interface Asker {
  /** `call('HGET', 'key', 'field')`. */
  command(name: string, ...parameters: readonly string[]): Promise<unknown>;
  /** Runs lua/open.lua. */
  openSchema(version: number, id: string): Promise<unknown>;
}

export interface Place {
  readonly address: string;
  readonly prefix: string;
  /** Up to which version of the data this program knows it. */
  readonly schema: number;
  readonly report: (fault: JobschedError) => void;
}

/** @returns the id of the installation, which is made when there is none. @throws JobschedError for what is in the way. */
export async function enter(ask: Asker, place: Place): Promise<string> {
  await checkServer(ask, place);
  const reply = await ask.openSchema(place.schema, randomUUID());
  const [outcome, version, id] = Array.isArray(reply) ? reply.map(String) : [];
  if (outcome === 'orphaned') throw orphaned(place);
  if (Number(version) > place.schema) throw newer(place, Number(version));
  return id ?? '';
}

/** @throws JobschedError when it is not, or no longer, the installation `id` that lies there, or it is too new. */
export async function mustBeSame(ask: Asker, place: Place, id: string): Promise<void> {
  const { address, prefix, schema } = place;
  const [found, version] = [await ask.command('HMGET', `${prefix}schema`, 'id', 'version')].flat();
  if (found === id && Number(version) > schema) throw newer(place, Number(version));
  if (found === id) return;
  const what = found === null ? 'has lost all jobs, as if it had been restarted empty' : 'now has other jobs';
  throw new JobschedError('engine_unavailable', `Redis at ${address} ${what} (installation ${id} is gone).`, {
    hint: 'Bring its data back, and jobsched goes on by itself; or restart jobsched to go on with what is there now.',
  });
}

/** Tells servers apart, also one from itself before it was started again; empty when it may not be asked. */
export async function serverId(ask: Asker): Promise<string> {
  return (await info(ask, 'server')).get('run_id') ?? '';
}

/** Whether a script found what {@link mustBeSame} tells of. Every script looks: see lua/lib/engine.lua. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && /^(GONE|NEWER)/.test(error.message);
}

async function checkServer(ask: Asker, place: Place): Promise<void> {
  const server = await info(ask, 'server');
  const version = server.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const known = server.size > 0;
  if (known && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))) throw tooOld(place, version);
  const policy = (await info(ask, 'memory')).get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') place.report(evicts(place, policy));
}

/** Empty when this user may not ask. */
async function info(ask: Asker, section: string): Promise<ReadonlyMap<string, string>> {
  const text = await ask.command('INFO', section).catch((error: unknown) => {
    if (isForbidden(error)) return '';
    throw error;
  });
  const lines = String(text)
    .split('\r\n')
    .filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function tooOld({ address }: Place, version: string): JobschedError {
  return new JobschedError(
    'engine_unavailable',
    `Redis at ${address} is too old: it is ${version}, and 7.0 is needed.`,
    {
      hint: 'Use Redis 7.0 or newer, or Valkey 7.2 or newer.',
    },
  );
}

function newer({ address, schema }: Place, version: number): JobschedError {
  return new JobschedError(
    'data_newer',
    `Redis at ${address} holds data of version ${version}; this jobsched knows up to ${schema}.`,
    { hint: 'All others here were upgraded: run the newer jobsched, or name another --redis-prefix.' },
  );
}

function orphaned({ address, prefix }: Place): JobschedError {
  return new JobschedError('data_damaged', `Redis at ${address} holds jobs under ${prefix} but not what marks them.`, {
    hint: 'Keys were deleted or evicted. Bring back a copy of its data, or name another --redis-prefix.',
  });
}

function evicts({ address }: Place, policy: string): JobschedError {
  return new JobschedError(
    'data_at_risk',
    `Redis at ${address} throws jobs away when its memory is full: its maxmemory-policy is ${policy}.`,
    { hint: 'Set maxmemory-policy noeviction.' },
  );
}
