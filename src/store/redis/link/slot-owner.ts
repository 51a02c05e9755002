/**
 * A Redis Cluster, as one server: an installation is one slot, so whoever owns that slot is the server. Found anew with
 * every connection, and there is a new connection whenever somebody says MOVED.
 *
 * ioredis's own cluster client will not do: while a slot moves, it follows ASK to the server that has only part of our
 * keys yet, and a script that finds part of the keys takes the others for missing.
 */
import { createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, Redis } from 'ioredis';
import type { Host, RedisAddress } from './address.ts';
import { trustOf } from './trust.ts';

/** A connector as ioredis wants it: a class of which it makes one. */
export function slotOwnerConnector(
  address: RedisAddress,
  prefix: string,
  timeoutMs: number,
): new () => AbstractConnector {
  return class SlotOwnerConnector extends AbstractConnector {
    /** Who belongs to the cluster as far as one knows: first who told that. */
    #members: readonly Host[] = address.hosts;

    constructor() {
      super(2_000);
    }

    override async connect(_emit: unknown): Promise<Socket> {
      this.connecting = true;
      const { owner, members } = await findOwner(address, this.#members, prefix, timeoutMs);
      this.#members = members;
      if (!this.connecting) throw new Error('Connection is closed.');
      const { host, port } = owner;
      this.stream = address.tls ? connectTls({ host, port, ...trustOf(address) }) : createConnection({ host, port });
      return this.stream;
    }
  };
}

interface Topology {
  readonly owner: Host;
  readonly members: readonly Host[];
}

/** Asks one member after the other. @throws Error the last one's, when none could tell. */
async function findOwner(
  address: RedisAddress,
  hosts: readonly Host[],
  prefix: string,
  timeoutMs: number,
): Promise<Topology> {
  let last: unknown = new Error('no member of the cluster is known');
  for (const host of hosts) {
    try {
      const { owner, members } = await askOwner(address, host, prefix, timeoutMs);
      return { owner, members: distinct([host, ...members, ...address.hosts]) };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function askOwner(address: RedisAddress, host: Host, prefix: string, timeoutMs: number): Promise<Topology> {
  const client = new Redis({
    ...host,
    ...(address.user === null ? {} : { username: address.user }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.tls ? { tls: trustOf(address) } : {}),
    lazyConnect: true,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: null,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
  });
  let cause: unknown = null;
  client.on('error', (error: unknown) => (cause ??= error));
  try {
    await client.connect();
    const slot = Number(await client.call('CLUSTER', 'KEYSLOT', prefix));
    mustBeWell(await client.call('CLUSTER', 'INFO'), host);
    return topologyOf(await client.call('CLUSTER', 'SLOTS'), slot, host);
  } catch (error) {
    throw cause ?? error;
  } finally {
    client.disconnect();
  }
}

/**
 * A master that is cut off from most others takes itself for the owner of its slots for ever, long after another has been
 * promoted. It knows only that its cluster is down.
 *
 * @throws Error for one that does.
 */
function mustBeWell(info: unknown, { host, port }: Host): void {
  if (String(info).includes('cluster_state:ok')) return;
  throw new Error(`CLUSTERDOWN the cluster is down, says ${host}:${port}`);
}

/** @throws Error when nobody has the slot. */
function topologyOf(reply: unknown, slot: number, asked: Host): Topology {
  const ranges = Array.isArray(reply) ? (reply as readonly (readonly unknown[])[]) : [];
  const mine = ranges.find(([from, to]) => Number(from) <= slot && slot <= Number(to));
  if (mine === undefined) throw new Error(`CLUSTERDOWN nobody has the slot ${slot}`);
  const members = ranges.flatMap(([, , ...nodes]) => nodes.map((node) => hostOf(node, asked)));
  return { owner: hostOf(mine[2], asked), members };
}

/** A member that does not know its own address says `''` or null: it is the one that was asked. */
function hostOf(node: unknown, asked: Host): Host {
  const [host, port] = Array.isArray(node) ? (node as readonly unknown[]) : [];
  return { host: typeof host === 'string' && host !== '' ? host : asked.host, port: Number(port) };
}

function distinct(hosts: readonly Host[]): Host[] {
  const isSame = (a: Host, b: Host): boolean => a.host === b.host && a.port === b.port;
  return hosts.filter((host, index) => hosts.findIndex((other) => isSame(host, other)) === index);
}
