/** What can be said of a Redis: whether it keeps what it is given, and for how long it can. */
import { fine, problem, warning, type Finding } from '../../../domain/finding.ts';
import type { RedisLink } from './link.ts';

/** Of maxmemory: beyond it new jobs may soon be refused. */
const MUCH = 0.75;
const TOO_MUCH = 0.9;

type Facts = ReadonlyMap<string, string>;

/** @throws JobschedError when Redis does not answer. What it does not let us ask is told as such. */
export async function checkRedis(link: Pick<RedisLink, 'read'>): Promise<readonly Finding[]> {
  const info = await factsOf(link);
  if (info.size === 0) {
    return [
      warning('redis', 'this user may not ask Redis how it is (INFO)', 'Allow +info in its ACL to have it checked.'),
    ];
  }
  const settings = await settingsOf(link);
  return [version(info), role(info), persistence(info, settings), lastSave(info), eviction(info), memory(info)];
}

async function factsOf(link: Pick<RedisLink, 'read'>): Promise<Facts> {
  try {
    const [text] = await link.read([['INFO']]);
    const lines = String(text)
      .split('\r\n')
      .filter((line) => line.includes(':'));
    return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
  } catch (error) {
    if (isForbidden(error)) return new Map();
    throw error;
  }
}

/** Empty where Redis is another's and forbids CONFIG. */
async function settingsOf(link: Pick<RedisLink, 'read'>): Promise<Facts> {
  try {
    const [save, fsync] = await link.read([
      ['CONFIG', 'GET', 'save'],
      ['CONFIG', 'GET', 'appendfsync'],
    ]);
    return new Map([...pair(save), ...pair(fsync)]);
  } catch {
    return new Map();
  }
}

function pair(reply: unknown): readonly (readonly [string, string])[] {
  return Array.isArray(reply) && reply.length === 2 ? [[String(reply[0]), String(reply[1])]] : [];
}

function isForbidden(error: unknown): boolean {
  return (
    error instanceof Error && /NOPERM|unknown command|no permission/i.test(`${error.message} ${String(error.cause)}`)
  );
}

function version(info: Facts): Finding {
  const valkey = info.get('valkey_version');
  return fine('redis', valkey === undefined ? `Redis ${info.get('redis_version')}` : `Valkey ${valkey}`);
}

function role(info: Facts): Finding {
  if (info.get('role') !== 'slave') return fine('role', 'it is a master');
  return problem(
    'role',
    'it is a replica, which takes no writes',
    'Name its master, or the Sentinels: --redis-sentinel.',
  );
}

function persistence(info: Facts, settings: Facts): Finding {
  const remedy = 'Set appendonly yes (and appendfsync everysec or always).';
  if (info.get('aof_enabled') === '1') {
    const fsync = settings.get('appendfsync');
    if (fsync === 'always') return fine('persistence', 'every write is on the disk (appendfsync always)');
    if (fsync !== 'no') return fine('persistence', 'after a power cut the last second is lost (appendonly yes)');
    return warning('persistence', 'after a power cut some 30 s are lost (appendfsync no)', remedy);
  }
  if (settings.get('save') === '') {
    return problem('persistence', 'nothing is written to a disk: when Redis restarts, all jobs are gone', remedy);
  }
  const when = settings.get('save') ?? 'as configured';
  return warning('persistence', `only snapshots are written (save ${when}): a restart loses what came since`, remedy);
}

function lastSave(info: Facts): Finding {
  const failed = ['rdb_last_bgsave_status', 'aof_last_write_status', 'aof_last_bgrewrite_status'].filter(
    (name) => (info.get(name) ?? 'ok') !== 'ok',
  );
  if (failed.length === 0) return fine('last save', 'the last write to the disk went well');
  return problem(
    'last save',
    `the last write to the disk failed (${failed.join(', ')})`,
    "Look at Redis's log: its disk may be full.",
  );
}

function eviction(info: Facts): Finding {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction') return fine('eviction', 'a full Redis refuses new jobs, and drops none (noeviction)');
  const message = `when its memory is full, Redis throws jobs away (maxmemory-policy ${policy})`;
  return problem('eviction', message, 'Set maxmemory-policy noeviction.');
}

function memory(info: Facts): Finding {
  const [used, most] = [Number(info.get('used_memory')), Number(info.get('maxmemory'))];
  const remedy = 'Raise maxmemory, keep fewer runs (keep_runs, keep_days), or set a lower --output-budget.';
  if (!(most > 0)) return fine('memory', `${mib(used)} are used; Redis sets itself no limit`);
  const message = `${mib(used)} of ${mib(most)} are used`;
  if (used < most * MUCH) return fine('memory', message);
  return used < most * TOO_MUCH ? warning('memory', message, remedy) : problem('memory', message, remedy);
}

const mib = (bytes: number): string => `${Math.ceil(bytes / (1_024 * 1_024)).toLocaleString('en')} MiB`;
