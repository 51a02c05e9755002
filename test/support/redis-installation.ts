/** An installation of its own for one test, with the Redis that it lies in: for what only Redis can show. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { openStore, redisAddress } from '../../src/store/open.ts';
import { connect, type RedisConnection } from '../../src/store/redis/link/connection.ts';
import type { Store } from '../../src/store/store.ts';
import { World } from '../contract/world.ts';
import { fakeClock } from './clock.ts';
import { sharedRedis } from './redis.ts';

export interface Installation {
  readonly store: Store;
  /** On a clock that stands still until it is moved. */
  readonly world: World;
  /** A client of the test's own, past the store. */
  readonly redis: Redis;
  /** Of all keys, with its hash tag. */
  readonly prefix: string;
  /** Another link of the kind that the store has, on the same clock. */
  readonly newLink: () => Promise<RedisConnection>;
}

export interface InstallationOptions {
  /** The store's Redis. Default: the one of this test process. */
  readonly url?: string;
  /** The user that the store logs in as, of the form `name:password`. Default: the one who may do all. */
  readonly login?: string;
  /** What the store tells of its link. */
  readonly report?: (fault: unknown) => void;
}

/** Closed when the test has ended. */
export async function openInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const url = options.url ?? (await sharedRedis()).url;
  const word = randomUUID();
  const clock = fakeClock();
  const address = redisAddress(options.login === undefined ? url : url.replace('//', `//${options.login}@`));
  const report = options.report === undefined ? {} : { report: options.report };
  const open = (): Promise<Store> => openStore({ kind: 'redis', address, prefix: word, clock, ...report });
  const store = await open();
  const redis = new Redis(url);
  onTestFinished(async () => {
    await store.close();
    redis.disconnect();
  });
  const world = new World({ store, clock, reopen: open, dispose: () => store.close() });
  const newLink = async (): Promise<RedisConnection> => {
    const link = await connect({ address, prefix: word, clock, ...report });
    onTestFinished(() => link.close());
    return link;
  };
  return { store, world, redis, prefix: `{${word}}:`, newLink };
}
