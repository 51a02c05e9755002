/**
 * Where a Redis is and how to log in, as one line of text:
 *
 *   redis://user:password@host:6379/0                   one server; `rediss:` for TLS
 *   redis-sentinel://password@a:26379,b:26379/0#master  whom these Sentinels name; the password is the server's
 *   redis-cluster://password@a:7000,b:7000              a Redis Cluster that these belong to
 *
 * A user and password are percent-encoded where they hold one of `/?#%:`. A password alone may stand without a user.
 */
import { JobschedError } from '../../../errors.ts';

export interface RedisAddress {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  /** The server, the Sentinels, or some members of the cluster. Never empty. */
  readonly hosts: readonly Host[];
  /** The name by which Sentinels know the server; null elsewhere. */
  readonly master: string | null;
  readonly tls: boolean;
  /** The authorities to trust in place of the public ones, when TLS is spoken: certificates in PEM. */
  readonly ca?: string;
  /** null for the user `default`. */
  readonly user: string | null;
  /** null to not log in. */
  readonly password: string | null;
  /** Always 0 in a cluster. */
  readonly db: number;
  /** Of the Sentinels themselves, when they want one. */
  readonly sentinelPassword?: string;
}

export interface Host {
  readonly host: string;
  readonly port: number;
}

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;
const USUAL_MASTER = 'mymaster';

const FORM = /^(rediss?)(?:-(sentinel|cluster))?:\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/(\d*))?(?:#(.+))?$/;
const HOST = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/;

/** @throws JobschedError `invalid_config`, which shows nothing that may be a password. */
export function redisAddress(text: string): RedisAddress {
  const [, scheme, form, login, hosts = '', db, master] = FORM.exec(text) ?? [];
  if (scheme === undefined) throw invalid('it does not look like redis://user:password@host:6379/0');
  const kind = form === 'sentinel' || form === 'cluster' ? form : 'single';
  const list = hosts.split(',').map((host) => hostOf(host, kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT));
  if (kind === 'single' && list.length > 1) throw invalid('several hosts belong to redis-sentinel: or redis-cluster:');
  if (kind === 'cluster' && Number(db ?? 0) !== 0) throw invalid('a Redis Cluster has only database 0');
  if (kind !== 'sentinel' && master !== undefined) throw invalid('only redis-sentinel: has a master name after #');
  return {
    kind,
    hosts: list,
    master: kind === 'sentinel' ? (master ?? USUAL_MASTER) : null,
    tls: scheme === 'rediss',
    ...loginOf(login),
    db: Number(db ?? 0),
  };
}

/** For sentences and logs: all but what is secret. */
export function describe({ kind, hosts, master, db }: RedisAddress): string {
  const list = listOf(hosts, ', ');
  const where = db === 0 ? list : `${list}, database ${db}`;
  if (kind === 'sentinel') return `${master} of the Sentinels ${where}`;
  return kind === 'cluster' ? `the cluster of ${where}` : where;
}

/** As {@link redisAddress} takes it, without the password. */
export function urlWithoutPassword({ kind, hosts, master, tls, user, db }: RedisAddress): string {
  const scheme = `redis${tls ? 's' : ''}${kind === 'single' ? '' : `-${kind}`}`;
  const login = user === null ? '' : `${encodeURIComponent(user)}@`;
  return `${scheme}://${login}${listOf(hosts)}${db === 0 ? '' : `/${db}`}${master === null ? '' : `#${master}`}`;
}

const listOf = (hosts: readonly Host[], between = ','): string =>
  hosts.map(({ host, port }) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`)).join(between);

function hostOf(text: string, usual: number): Host {
  const [, v6, name, port] = HOST.exec(text) ?? [];
  const host = v6 ?? name;
  const number = Number(port ?? usual);
  if (host === undefined || number < 1 || number > 65535) throw invalid(`${JSON.stringify(text)} is no host and port`);
  return { host, port: number };
}

function loginOf(text: string | undefined): Pick<RedisAddress, 'user' | 'password'> {
  if (text === undefined || text === '' || text === ':') return { user: null, password: null };
  const colon = text.indexOf(':');
  const user = colon === -1 ? '' : decoded(text.slice(0, colon));
  return { user: user === '' ? null : user, password: decoded(text.slice(colon + 1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('its user or password has a % that begins no percent-encoding');
  }
}

function invalid(why: string): JobschedError {
  return new JobschedError('invalid_config', `The address of Redis cannot be read: ${why}.`, {
    hint: 'Write redis://user:password@host:6379/0, with / ? # % and : in names and passwords percent-encoded.',
  });
}
