/** A Redis Cluster of three masters for one test process: it ends with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, startRedis, type RedisServer, type RedisServerOptions } from './redis.ts';

export interface RedisCluster {
  readonly masters: readonly Member[];
  /** Whom everybody takes for the slot's owner. */
  ownerOf(slot: number): Promise<Member>;
  stop(): Promise<void>;
}

/** Slots of a cluster. */
const SLOTS = 16_384;
const MASTERS = 3;

const CLUSTER = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000', '--cluster-require-full-coverage', 'no'];

/** Resolves when all know of all, and each slot has its owner. */
export async function startCluster(): Promise<RedisCluster> {
  const masters = await Promise.all(Array.from({ length: MASTERS }, () => startMember()));
  const [first] = masters;
  if (first === undefined) throw new Error('a cluster of nobody');
  for (const [index, master] of masters.entries()) {
    await direct(master, async (redis) => {
      // A slot belongs to whoever says so with the highest epoch.
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
      const from = Math.ceil((SLOTS * index) / MASTERS);
      const to = Math.ceil((SLOTS * (index + 1)) / MASTERS) - 1;
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
      if (master !== first) await redis.call('CLUSTER', 'MEET', '127.0.0.1', first.port, first.bus);
    });
  }
  await Promise.all(masters.map((master) => untilWhole(master)));
  return {
    masters,
    ownerOf: (slot) => ownerOf(masters, slot),
    stop: async () => {
      await Promise.all(masters.map((master) => master.stop()));
    },
  };
}

let shared: Promise<RedisCluster> | null = null;

/** The one cluster of this test process, which ends with it: for tests that leave it as they found it. */
export function sharedCluster(): Promise<RedisCluster> {
  shared ??= startCluster();
  return shared;
}

/** A replica of one of the masters, in step with it; the caller ends it. */
export async function startReplica(master: Member): Promise<Member> {
  const replica = await startMember();
  const id = String(await direct(master, (redis) => redis.call('CLUSTER', 'MYID')));
  await direct(replica, (redis) => redis.call('CLUSTER', 'MEET', '127.0.0.1', master.port, master.bus));
  await untilWhole(replica);
  await direct(replica, (redis) => redis.call('CLUSTER', 'REPLICATE', id));
  // It is up once all is loaded.
  await direct(replica, async (redis) => {
    while (!(await redis.info('replication')).includes('master_link_status:up')) await sleep(20);
  });
  return replica;
}

/** Takes itself for the owner of all slots but the last, and knows that its cluster is down; the caller ends it. */
export async function startOutcast(): Promise<RedisServer> {
  const outcast = await startMember();
  await direct(outcast, async (redis) => {
    await redis.config('SET', 'cluster-require-full-coverage', 'yes');
    await redis.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS - 2);
  });
  return outcast;
}

/** Moves a slot with all that lies in it, as `redis-cli --cluster reshard` does. */
export async function moveSlot(from: RedisServer, to: RedisServer, slot: number): Promise<void> {
  const [source, target] = [new Redis(from.url), new Redis(to.url)];
  try {
    const [fromId, toId] = await Promise.all(
      [source, target].map(async (redis) => String(await redis.call('CLUSTER', 'MYID'))),
    );
    await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', String(fromId));
    await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', String(toId));
    for (;;) {
      const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 10)) as string[];
      if (keys.length === 0) break;
      await source.call('MIGRATE', '127.0.0.1', to.port, '', 0, 5_000, 'KEYS', ...keys);
    }
    await target.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(toId));
    await source.call('CLUSTER', 'SETSLOT', slot, 'NODE', String(toId));
  } finally {
    source.disconnect();
    target.disconnect();
  }
}

async function direct<T>(server: RedisServer, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}

async function ownerOf(masters: readonly Member[], slot: number): Promise<Member> {
  for (const master of masters) {
    const ranges = (await direct(master, (redis) => redis.call('CLUSTER', 'SLOTS'))) as [
      number,
      number,
      [string, number],
    ][];
    const range = ranges.find(([from, to]) => from <= slot && slot <= to);
    const owner = masters.find(({ port }) => port === range?.[2][1]);
    if (owner !== undefined) return owner;
  }
  throw new Error(`nobody owns slot ${slot}`);
}

interface Member extends RedisServer {
  /** The port that members talk on. */
  readonly bus: number;
}

async function startMember(): Promise<Member> {
  const bus = await freePort();
  const settings: RedisServerOptions['settings'] = [...CLUSTER, '--cluster-port', String(bus)];
  return { ...(await startRedis({ settings })), bus };
}

/** Members tell nobody when they have heard of each other: it is asked until they have. */
async function untilWhole(master: RedisServer): Promise<void> {
  await direct(master, async (redis) => {
    for (;;) {
      const info = String(await redis.call('CLUSTER', 'INFO'));
      if (info.includes(`cluster_slots_ok:${SLOTS}`) && info.includes('cluster_state:ok')) return;
      await redis.call('PING');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}
