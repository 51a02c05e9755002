/** When an installation's version rises: see `installation.ts`. On a clock that the test moves. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { workerId } from '../../src/domain/id.ts';
import { SECOND, type Millis } from '../../src/domain/instant.ts';
import { redisAddress } from '../../src/store/open.ts';
import { VERSION_RISES_AFTER } from '../../src/store/redis/link/installation.ts';
import { openRedisStore } from '../../src/store/redis/redis-store.ts';
import type { Store } from '../../src/store/store.ts';
import { TestWorker } from '../contract/test-worker.ts';
import { fakeClock } from '../support/clock.ts';
import { sharedRedis } from '../support/redis.ts';

interface Site {
  readonly open: (schema: number) => Promise<Store>;
  readonly version: () => Promise<number>;
  /** Time passes, in which these do what programs do all the time. */
  readonly live: (time: Millis, ...alive: readonly Program[]) => Promise<void>;
}

type Program = () => Promise<unknown>;

const server =
  (store: Store): Program =>
  () =>
    store.tick(10);
const worker = (store: Store): Program => {
  const itself = new TestWorker(() => store, workerId(randomUUID()), 'w1');
  return () => itself.heartbeat();
};

async function newSite(): Promise<Site> {
  const { url } = await sharedRedis();
  const [prefix, clock, redis] = [randomUUID(), fakeClock(), new Redis(url)];
  onTestFinished(() => redis.disconnect());
  return {
    open: async (schema) => {
      const store = await openRedisStore({
        address: redisAddress(url),
        prefix,
        clock,
        schema,
        report: () => undefined,
      });
      onTestFinished(() => store.close());
      return store;
    },
    version: async () => Number(await redis.hget(`{${prefix}}:schema`, 'version')),
    live: async (time, ...alive) => {
      for (let left = time; left > 0; left -= 5 * SECOND) {
        clock.advance(Math.min(left, 5 * SECOND));
        for (const act of alive) await act();
      }
    },
  };
}

test('it stays while any server or worker knows no newer one, and rises a minute after the last of them', async () => {
  const { open, version, live } = await newSite();
  const [oldServer, oldWorker] = [server(await open(1)), worker(await open(1))];
  await live(30 * SECOND, oldServer, oldWorker);
  const [newServer, newWorker] = [server(await open(2)), worker(await open(2))];
  await live(2 * VERSION_RISES_AFTER, oldServer, oldWorker, newServer, newWorker);
  expect(await version()).toBe(1);
  await live(2 * VERSION_RISES_AFTER, oldWorker, newServer, newWorker);
  expect(await version()).toBe(1);
  await live(2 * VERSION_RISES_AFTER, oldServer, newServer, newWorker);
  expect(await version()).toBe(1);
  await live(VERSION_RISES_AFTER - 5 * SECOND, newServer, newWorker);
  expect(await version()).toBe(1);
  await live(5 * SECOND, newWorker);
  expect(await version()).toBe(2);
});

test('one that was away meanwhile is refused at its next call, whatever that is, and changes nothing', async () => {
  const { open, version, live } = await newSite();
  const old = await open(1);
  await server(old)();
  await live(2 * VERSION_RISES_AFTER, server(await open(2)));
  expect(await version()).toBe(2);
  const refused = {
    code: 'data_newer',
    message: expect.stringContaining('version 2; this jobsched knows up to 1') as string,
  };
  await expect(old.tick(10)).rejects.toMatchObject(refused);
  await expect(old.counts()).rejects.toMatchObject(refused);
  await expect(worker(old)()).rejects.toMatchObject(refused);
  await expect(open(1)).rejects.toMatchObject(refused);
  expect(await version()).toBe(2);
});

test('it rises to the newest that all know, also over several', async () => {
  const { open, version, live } = await newSite();
  const first = server(await open(1));
  const [second, fourth] = [server(await open(2)), server(await open(4))];
  await live(30 * SECOND, first, second, fourth);
  await live(2 * VERSION_RISES_AFTER, second, fourth);
  expect(await version()).toBe(2);
  await live(2 * VERSION_RISES_AFTER, fourth);
  expect(await version()).toBe(4);
});

test('an installation begins at the version of who founds it', async () => {
  const { open, version } = await newSite();
  await open(3);
  expect(await version()).toBe(3);
  await expect(open(2)).rejects.toMatchObject({ code: 'data_newer' });
});
