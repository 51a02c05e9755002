/** The store on a real Redis Cluster: its slot moves to another master while it is in use, and masters die. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { long } from '../support/long.ts';
import { moveSlot, startCluster, startOutcast, startReplica, type RedisCluster } from '../support/redis-cluster.ts';
import { hintsOf } from '../support/wait.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

test('goes on while its slot moves, back and forth', { timeout: 60_000 }, async () => {
  const { store, slot } = await open();
  const [first] = (await made(store, 20)).toReversed();
  for (let move = 0; move < 2; move++) {
    const from = await cluster.ownerOf(slot);
    const to = cluster.masters.find((master) => master !== from && master.port !== from.port) ?? from;
    const before = await count(store);
    // Each of them waits for the one before, or for the end of the move.
    const making = (async () => {
      for (let left = 20; left > 0; left--) await made(store, 1);
    })();
    await moveSlot(from, to, slot);
    await making;
    expect(await count(store)).toBe(before + 20);
    expect((await cluster.ownerOf(slot)).port).toBe(to.port);
  }
  expect(await store.findJob(first ?? '')).toMatchObject({ status: 'found' });
  // Hints come from the new owner.
  expect(await hintsOf(store, () => made(store, 1))).toContainEqual({ kind: 'work', queue: 'default' });
});

describe('when members that it is told of', () => {
  test('own its slot by their own account, and are cut off from all others, asks those', async () => {
    const outcast = await startOutcast();
    onTestFinished(() => outcast.stop());
    const prefix = randomUUID();
    const { store } = await open({ prefix, members: [outcast.port] });
    await made(store, 1);
    expect(await count((await open({ prefix })).store)).toBe(1);
  });

  test('do not answer, asks whom it knows to answer from then on', async () => {
    const prefix = randomUUID();
    let asked = 0;
    const mute = createServer((socket) => void socket.destroy(void (asked += 1))).listen(0, '127.0.0.1');
    onTestFinished(() => void mute.close());
    await once(mute, 'listening');
    const { store, slot } = await open({ prefix, members: [(mute.address() as AddressInfo).port] });
    expect(asked).toBe(1);
    const back = new Promise((resolve) => store.subscribe(resolve));
    const owner = new Redis((await cluster.ownerOf(slot)).port);
    onTestFinished(() => owner.disconnect());
    await owner.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await owner.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await back;
    await made(store, 1);
    expect(asked).toBe(1);
  });
});

describe('when masters die', () => {
  test.runIf(long)('others than its own, goes on, and starts', async () => {
    const { store, slot, prefix } = await open();
    const owner = await cluster.ownerOf(slot);
    const other = cluster.masters.find(({ port }) => port !== owner.port);
    process.kill(other?.pid ?? 0, 'SIGSTOP');
    onTestFinished(() => void process.kill(other?.pid ?? 0, 'SIGCONT'));
    await made(store, 1);
    const address = redisAddress(`redis-cluster://${cluster.masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`);
    const second = await openStore({ kind: 'redis', address, prefix, report: () => undefined });
    expect(await count(second)).toBe(1);
    await second.close();
  });

  test('its own, says so and waits for it', { timeout: 60_000 }, async () => {
    const { store, slot } = await open();
    const owner = await cluster.ownerOf(slot);
    await made(store, 1);
    process.kill(owner.pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(owner.pid, 'SIGCONT'));
    await expect(made(store, 1)).rejects.toMatchObject({ code: 'engine_unavailable' });
    const back = new Promise((resolve) => store.subscribe(resolve));
    process.kill(owner.pid, 'SIGCONT');
    await back;
    await made(store, 1);
  });
});

// The last one: it leaves a cluster of other masters.
test.runIf(long)(
  'follows its slot to the replica that takes the place of its master',
  { timeout: 60_000 },
  async () => {
    const { store, slot } = await open();
    const owner = await cluster.ownerOf(slot);
    const replica = await startReplica(owner);
    onTestFinished(() => replica.stop());
    await made(store, 1);
    await owner.stop();
    const alive = (): Promise<number> => made(store, 1).then(() => count(store));
    await expect.poll(() => alive().catch(() => 0), { timeout: 30_000, interval: 200 }).toBeGreaterThan(1);
  },
);

interface Wishes {
  readonly prefix?: string;
  /** Ports of members that it is told of before the first master. */
  readonly members?: readonly number[];
}

async function open({ prefix = randomUUID(), members = [] }: Wishes = {}): Promise<{
  store: Store;
  slot: number;
  prefix: string;
}> {
  const [{ port } = { port: 0 }] = cluster.masters;
  const address = redisAddress(`redis-cluster://${[...members, port].map((each) => `127.0.0.1:${each}`).join(',')}`);
  const store = await openStore({ kind: 'redis', address, prefix, report: () => undefined });
  onTestFinished(() => store.close());
  const redis = new Redis(port);
  const slot = Number(await redis.call('CLUSTER', 'KEYSLOT', `{${prefix}}:`));
  redis.disconnect();
  return { store, slot, prefix };
}

async function made(store: Store, count: number): Promise<string[]> {
  const jobs = Array.from({ length: count }, () => newJob(onceDefinition()));
  const results = await store.createJobs(jobs, null);
  expect(results.map(({ status }) => status)).toEqual(jobs.map(() => 'created'));
  return jobs.map(({ id }) => id);
}

async function count(store: Store): Promise<number> {
  return (await store.counts()).jobs.once;
}
