/** The store while its Redis is replaced: by a replica that Sentinel promotes, by itself with older data. */
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { workerId } from '../../src/domain/id.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { TestWorker } from '../contract/test-worker.ts';
import { untilFollowed } from '../support/followed.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freePort, startRedis, type RedisServer, type RedisServerOptions } from '../support/redis.ts';

describe('with Sentinel', () => {
  test('goes on when its master has died', { timeout: 60_000 }, async () => {
    const { store, master, replica } = await watched();
    const worker = new TestWorker(() => store, OWNER, 'w');
    await made(store);
    const held = (await worker.claim()).claimed[0];
    if (held === undefined) throw new Error('nothing to claim');
    await untilFollowed(master);
    await master.stop();
    await expect.poll(() => worker.renew(held).catch(() => 'away'), PATIENCE).toBe('ok');
    expect(await worker.finish(held)).toBe('ok');
    await made(store);
    const info = await direct(replica.url, (redis) => redis.info('replication'));
    expect(info).toContain('role:master');
  });

  test('refuses to start when none of them answers, or knows its master', async () => {
    const port = await freePort();
    await expect(open(`redis-sentinel://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining(`mymaster of the Sentinels 127.0.0.1:${port} cannot be reached`) as unknown,
    });
    const sentinel = await server({ sentinel: '' });
    await expect(open(`redis-sentinel://127.0.0.1:${sentinel.port}#other`)).rejects.toMatchObject({
      code: 'engine_unavailable',
    });
  });
});

test('a claim that a failover forgot is taken up again by its worker', async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const settings = ['--dir', folder.path];
  const first = await server({ settings });
  const store = await open(first.url);
  const worker = new TestWorker(() => store, OWNER, 'w');
  const job = await made(store);
  await direct(first.url, (redis) => redis.save());
  const held = (await worker.claim()).claimed[0];
  if (held === undefined) throw new Error('nothing to claim');
  await first.stop();
  await server({ settings, port: first.port });
  await expect.poll(() => worker.renew(held).catch(() => 'away'), PATIENCE).toBe('ok');
  expect(await store.getRun(held.run)).toMatchObject({ run: { jobId: job, status: 'running', attempt: 1 } });
  // Nobody else gets it, and it ends once.
  const other = new TestWorker(() => store, workerId('00000000-0000-4000-8000-000000000002'), 'x');
  expect((await other.claim()).claimed).toEqual([]);
  expect([await worker.finish(held), await worker.finish(held)]).toEqual(['ok', 'duplicate']);
});

const OWNER = workerId('00000000-0000-4000-8000-000000000001');
const PATIENCE = { timeout: 30_000, interval: 100 };

/** A master with a replica, and a Sentinel that knows both. */
async function watched(): Promise<{ store: Store; master: RedisServer; replica: RedisServer }> {
  const master = await server();
  const replica = await server({ settings: ['--replicaof', '127.0.0.1', String(master.port)] });
  const sentinel = await server({
    sentinel: [
      `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds mymaster 500',
      'sentinel failover-timeout mymaster 4000',
      '',
    ].join('\n'),
  });
  await untilFollowed(master);
  const known = () => direct(sentinel.url, (redis) => redis.call('SENTINEL', 'REPLICAS', 'mymaster'));
  await expect.poll(known, PATIENCE).toHaveLength(1);
  return { store: await open(`redis-sentinel://127.0.0.1:${sentinel.port}`), master, replica };
}

async function server(options: RedisServerOptions = {}): Promise<RedisServer> {
  const started = await startRedis(options);
  onTestFinished(() => started.stop());
  return started;
}

async function open(url: string): Promise<Store> {
  const store = await openStore({ kind: 'redis', address: redisAddress(url), report: () => undefined });
  onTestFinished(() => store.close());
  return store;
}

async function made(store: Store): Promise<string> {
  const job = newJob(onceDefinition());
  expect(await store.createJobs([job], null)).toMatchObject([{ status: 'created' }]);
  return job.id;
}

async function direct<T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}
