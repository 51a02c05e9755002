/** Markers of queues in Redis: one that is there wakes a worker, so it may not be where nothing can be claimed. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOUR } from '../../src/domain/instant.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { ended, SUCCEEDED } from '../contract/test-worker.ts';
import { testWorker } from '../support/api-worker.ts';
import { fakeClock } from '../support/clock.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

const prefix = randomUUID();
const clock = fakeClock();
let server: RedisServer;
let redis: Redis;
let store: Store;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
  store = await openStore({ kind: 'redis', address: redisAddress(server.url), prefix, clock });
});
afterAll(async () => {
  await store.close();
  redis.disconnect();
  await server.stop();
});

/** Whether an idle worker of the queue would be woken. */
const wakes = async (queue: string): Promise<boolean> => (await redis.exists(`{${prefix}}:m:${queue}`)) === 1;

async function submit(queue: string, count: number, runAt: number | null = null): Promise<void> {
  for (let n = 0; n < count; n++) await store.createJobs([newJob(onceDefinition({ queue, runAt }))], null);
}

test('a paused queue wakes nobody whom it gave nothing, until it is resumed', async () => {
  await submit('paused', 2);
  await store.setQueue('paused', { paused: true });
  const worker = testWorker(store);
  expect(await worker.claimedIds(1, ['paused'])).toEqual([]);
  expect(await wakes('paused')).toBe(false);
  await store.setQueue('paused', { paused: false });
  expect(await wakes('paused')).toBe(true);
});

test('a paused queue wakes nobody for a delayed run that the claim itself promotes', async () => {
  await store.setQueue('delayed', { paused: true });
  await submit('delayed', 1, clock.now() + HOUR);
  clock.advance(HOUR);
  expect(await testWorker(store).claimedIds(1, ['delayed'])).toEqual([]);
  expect(await store.queues()).toContainEqual(expect.objectContaining({ name: 'delayed', queued: 1 }));
  expect(await wakes('delayed')).toBe(false);
});

test('a full queue wakes nobody, also where the end of a run made room that is taken at once', async () => {
  await submit('full', 3);
  await submit('other', 2);
  await store.setQueue('full', { maxRunning: 1 });
  const worker = testWorker(store);
  const held = (await worker.claim(1, ['full'])).claimed;
  expect(await wakes('full')).toBe(false);
  const ends = held.map((each) => ended(each, SUCCEEDED));
  const { claim } = await store.finish(worker.owner, ends, worker.request(1, ['full', 'other']));
  expect(claim).toMatchObject({ claimed: [{}], more: true });
  expect([await wakes('full'), await wakes('other')]).toEqual([false, true]);
  for (const each of claim?.claimed ?? []) await worker.finish(each);
  expect(await wakes('full')).toBe(true);
});
