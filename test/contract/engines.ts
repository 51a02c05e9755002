/** The engines that the suite runs on. A new one joins by a line here, and by nothing else. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Instant, Millis } from '../../src/domain/instant.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { fakeClock } from '../support/clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { sharedCluster } from '../support/redis-cluster.ts';
import { sharedRedis } from '../support/redis.ts';

export interface Engine {
  readonly name: string;
  /** A new, empty store on a clock that stands at `START`. */
  open(): Promise<Opened>;
}

export interface Opened {
  readonly store: Store;
  /** The engine's. It stands still until it is moved. */
  readonly clock: { set(now: Instant): void; advance(by: Millis): void };
  /** Closes the store and opens again what it kept, as a restarted process would. */
  reopen(): Promise<Store>;
  /** Closes the store and removes all of it. */
  dispose(): Promise<void>;
}

const CLUSTER: Engine = { name: 'redis cluster', open: openRedisCluster };

export const ENGINES: readonly Engine[] = [
  { name: 'sqlite', open: openSqlite },
  { name: 'redis', open: openRedis },
  ...(long ? [CLUSTER] : []),
];

/** Also those that differ from another one only in how they are reached. */
export const ENGINES_AND_WAYS: readonly Engine[] = long ? ENGINES : [...ENGINES, CLUSTER];

async function openSqlite(): Promise<Opened> {
  const folder = await temporaryFolder();
  const clock = fakeClock();
  const file = join(folder.path, 'jobsched.db');
  return opened(
    clock,
    () => openStore({ kind: 'sqlite', file, clock }),
    () => folder.remove(),
  );
}

/** An installation of its own on the one server of this test process. */
async function openRedis(): Promise<Opened> {
  const { url } = await sharedRedis();
  return openRedisAt(url);
}

/** The same on the one cluster of this test process, where it is left: it ends with the process. */
async function openRedisCluster(): Promise<Opened> {
  const { masters } = await sharedCluster();
  const address = redisAddress(`redis-cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`);
  const clock = fakeClock();
  const prefix = randomUUID();
  return opened(
    clock,
    () => openStore({ kind: 'redis', address, prefix, clock }),
    () => Promise.resolve(),
  );
}

/**
 * An installation of its own.
 * @param url how the store reaches its Redis; `server`: how the test does, without anything between.
 */
export async function openRedisAt(url: string, { server = url, report }: RedisReach = {}): Promise<Opened> {
  const clock = fakeClock();
  const prefix = randomUUID();
  const address = redisAddress(url);
  return opened(
    clock,
    () => openStore({ kind: 'redis', address, prefix, clock, ...(report && { report }) }),
    () => removeKeys(server, prefix),
  );
}

interface RedisReach {
  readonly server?: string;
  /** What the store tells of its link. */
  readonly report?: (fault: unknown) => void;
}

async function opened(
  clock: Opened['clock'],
  open: () => Promise<Store>,
  remove: () => Promise<void>,
): Promise<Opened> {
  let store = await open();
  return {
    store,
    clock,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    dispose: async () => {
      await store.close();
      await remove();
    },
  };
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `{${prefix}}:*`, count: 10_000 }) as AsyncIterable<string[]>) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
