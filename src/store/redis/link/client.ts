/**
 * Connections to Redis, as ioredis makes them; nobody else names ioredis.
 *
 * A client reconnects for ever. It repeats nothing by itself: only the store knows what a repeat means. A command that
 * is sent while there is no connection fails at once.
 */
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type RedisOptions as ClientOptions } from 'ioredis';
import { slotOwnerConnector } from './slot-owner.ts';
import { trustOf } from './trust.ts';
import type { RedisAddress } from './address.ts';

export { Redis };

/** A connection that is not made by then is given up, and tried again. */
export const CONNECT_MS = 4_000;

/**
 * A server that is silent for so long while it owes a reply is given up, and connected to again. One whose every reply
 * takes 5 s still keeps all leases, which are renewed every 5 s and last 15; one that is gone is noticed in time to renew
 * them elsewhere.
 */
export const SILENCE_MS = 6_000;

const LONGEST_BACKOFF_MS = 2_000;

export interface ClientWishes {
  /** As `CLIENT LIST` shows it. */
  readonly name: string;
  /** Of all keys: which server of a cluster has them. */
  readonly prefix: string;
  /** See {@link SILENCE_MS}; null for a client whose replies take their time, and are watched otherwise. */
  readonly silenceMs: number | null;
}

/** Not connected yet: `connect` it. */
export function newClient(address: RedisAddress, { name, prefix, silenceMs }: ClientWishes): Redis {
  const options: ClientOptions & { replyMapping: 'legacy' } = {
    ...whereTo(address, prefix),
    ...login(address),
    db: address.db,
    connectionName: name,
    ...(silenceMs === null ? {} : { socketTimeout: silenceMs }),
    lazyConnect: true,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    enableOfflineQueue: false,
    // It would hide LOADING, whose sentence people are to see.
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    keepAlive: 10_000,
    noDelay: true,
    // With it, hints come on the connection that commands use, and in order with their replies.
    protocol: 3,
    replyMapping: 'legacy',
    retryStrategy: backoff,
  };
  return new Redis(options);
}

/** Doubles from 50 ms to 2 s, with jitter, so that a thousand workers do not come back at the same moment. */
export function backoff(attempt: number): number {
  const longest = Math.min(LONGEST_BACKOFF_MS, 25 * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.5 + Math.random() / 2));
}

/** ioredis gives up where it finds no server to connect to: this does not, until `closed` says so. */
export async function untilConnected(client: Redis, closed: () => boolean): Promise<void> {
  await sleep(backoff(5), undefined, { ref: false });
  if (closed() || client.status !== 'end') return;
  await client.connect().catch(() => undefined);
}

function login(address: RedisAddress): ClientOptions {
  const { user, password, tls } = address;
  return {
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password }),
    ...(tls ? { tls: { ...trustOf(address), ...serverNameOf(address) } } : {}),
  };
}

/** A certificate is for a name; where several servers may answer, each is asked for its own. */
function serverNameOf({ hosts }: RedisAddress): { servername?: string } {
  const [first, ...others] = hosts;
  return first === undefined || others.length > 0 || isIP(first.host) !== 0 ? {} : { servername: first.host };
}

function whereTo(address: RedisAddress, prefix: string): ClientOptions {
  const { kind, hosts, master, tls, sentinelPassword } = address;
  if (kind === 'cluster') {
    return { Connector: slotOwnerConnector(address, prefix, CONNECT_MS) };
  }
  if (kind === 'sentinel') {
    return {
      sentinels: hosts.map(({ host, port }) => ({ host, port })),
      name: master ?? '',
      ...(tls ? { sentinelTLS: trustOf(address), enableTLSForSentinelMode: true } : {}),
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
      sentinelCommandTimeout: CONNECT_MS,
      // None of them answers: the connection fails, and whoever made it tries again.
      sentinelRetryStrategy: () => null,
      failoverDetector: true,
    };
  }
  const [{ host, port } = { host: '127.0.0.1', port: 6379 }] = hosts;
  return { host, port };
}
