/** `--durability replica`: what is acknowledged survives the server that acknowledged it. */
import { Redis } from 'ioredis';
import { describe, test as plain } from 'vitest';
import { workerId } from '../../src/domain/id.ts';
import type { JobschedError } from '../../src/errors.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { TestWorker } from '../contract/test-worker.ts';
import { untilFollowed } from '../support/followed.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { startRedis, type RedisServer, type RedisServerOptions } from '../support/redis.ts';

/** What a test starts ends with it; tests run side by side. */
const test = plain.extend<{ stack: AsyncDisposableStack }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs.
  stack: async ({}, use) => {
    await using stack = new AsyncDisposableStack();
    await use(stack);
  },
});

const PATIENCE = { timeout: 30_000, interval: 50 };
/** Without it, a master waits 5 s for other replicas that might come. */
const AT_ONCE = ['--repl-diskless-sync-delay', '0'];
const OWNER = workerId('00000000-0000-4000-8000-000000000001');

describe.concurrent('with --durability replica', { timeout: 60_000 }, () => {
  test('what is acknowledged is at the replica', async ({ stack, expect }) => {
    const { master, replica } = await pair(stack);
    const { store, told } = await open(stack, master.url);
    const jobs = Array.from({ length: 200 }, () => newJob(onceDefinition()));
    const done = await Promise.all(jobs.map((job) => store.createJobs([job], null)));
    expect(done.flat().map(({ status }) => status)).toEqual(jobs.map(() => 'created'));
    await direct(replica.url, async (redis) => {
      // It is cut off now: what it does not have it will not get.
      await redis.replicaof('NO', 'ONE');
      expect(await redis.exists(...jobs.map(({ id }) => `{js}:d:${id}`))).toBe(jobs.length);
    });
    expect(told).toEqual([]);
  });

  test('nothing is acknowledged to people while no replica confirms, and runs go on', async ({ stack, expect }) => {
    const { master, replica } = await pair(stack);
    const { store, told } = await open(stack, master.url);
    const worker = new TestWorker(() => store, OWNER, 'w');
    const [first, job] = [newJob(onceDefinition()), newJob(onceDefinition())];
    await store.createJobs([first], null);
    process.kill(replica.pid, 'SIGSTOP');
    const request = { key: 'k', fingerprint: 'f' };
    const message: unknown = expect.stringContaining('no replica has confirmed');
    const refused = { code: 'not_replicated', message, mayBeDone: true };
    await expect(store.createJobs([job], request)).rejects.toMatchObject(refused);
    await expect(store.health()).rejects.toMatchObject({ code: 'not_replicated' });
    expect(told.map(({ code }) => code)).toEqual(['not_replicated']);
    // Reads, leases and runs do not wait for it.
    const [held, other] = (await worker.claim(2)).claimed;
    if (held === undefined || other === undefined) throw new Error('claimed too few');
    expect(await worker.renew(held)).toBe('ok');
    expect(await worker.finish(held)).toBe('ok');
    await expect(store.cancel(other.run)).rejects.toMatchObject(refused);
    // Asked again, it still waits for the replica, though there is nothing left to write.
    await expect(store.createJobs([job], request)).rejects.toMatchObject(refused);
    process.kill(replica.pid, 'SIGCONT');
    await expect.poll(() => store.health().then(() => 'well', String), PATIENCE).toBe('well');
    expect(await store.createJobs([job], request)).toMatchObject([{ status: 'existing', by: 'id' }]);
    expect(await store.cancel(other.run)).toEqual({ status: 'requested' });
    expect(told.map(({ code, message }) => code ?? message)).toEqual(['not_replicated', BACK]);
  });

  test('says at the start that no replica is there', async ({ stack, expect }) => {
    const master = await server(stack, { settings: AT_ONCE });
    const { store, told } = await open(stack, master.url);
    expect(told).toMatchObject([
      { code: 'not_replicated', message: expect.stringContaining(String(master.port)) as unknown },
    ]);
    await expect(store.createJobs([newJob(onceDefinition())], null)).rejects.toMatchObject({ code: 'not_replicated' });
    await server(stack, { settings: [...AT_ONCE, '--replicaof', '127.0.0.1', String(master.port)] });
    await expect.poll(() => store.health().then(() => 'well', String), PATIENCE).toBe('well');
    expect(told.at(-1)).toEqual({ message: BACK });
  });
});

const BACK = 'a replica of Redis has everything again';

/** A master, and a replica that has all of it. */
async function pair(stack: AsyncDisposableStack): Promise<{ master: RedisServer; replica: RedisServer }> {
  const master = await server(stack, { settings: AT_ONCE });
  const replica = await server(stack, { settings: [...AT_ONCE, '--replicaof', '127.0.0.1', String(master.port)] });
  await untilFollowed(master);
  return { master, replica };
}

async function server(stack: AsyncDisposableStack, options: RedisServerOptions = {}): Promise<RedisServer> {
  return stack.use(await startRedis(options));
}

type Told = Pick<JobschedError, 'message'> & Partial<JobschedError>;

async function open(stack: AsyncDisposableStack, url: string): Promise<{ store: Store; told: Told[] }> {
  const told: Told[] = [];
  const store = await openStore({
    kind: 'redis',
    address: redisAddress(url),
    durability: 'replica',
    report: (fault) => void told.push(fault as Told),
    recovered: (message) => void told.push({ message }),
  });
  stack.defer(() => store.close());
  return { store, told };
}

async function direct<T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}
