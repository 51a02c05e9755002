/** What the link to Redis does when that does not answer as it should: while it waits for work, and while others are served. */
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { redisAddress } from '../../src/store/redis/link/address.ts';
import { connect, type RedisConnection, type RedisOptions } from '../../src/store/redis/link/connection.ts';
import { bulk, fakeRedis, type FakeRedis } from '../support/fake-redis.ts';
import { long } from '../support/long.ts';
import { redisProxy } from '../support/redis-proxy.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

const MARKER = '{js}:m:a';
const PATIENCE = { timeout: 10_000, interval: 20 };

test('a marker that was popped when nobody waited any more is put back', async () => {
  const { url } = await server();
  const { link } = await open(url);
  const redis = await client(url);
  const leaving = new AbortController();
  const wait = link.waitForWork(['a'], leaving.signal);
  await untilBlocked(redis);
  leaving.abort();
  await wait;
  await redis.zadd(MARKER, 0, 'w');
  // The call that nobody waits for takes it, and gives it back.
  await expect.poll(async () => [await blocked(redis), await redis.exists(MARKER)], PATIENCE).toEqual([0, 1]);
  await redis.zadd('{js}:q:a', 0, 'x');
  await link.waitForWork(['a'], new AbortController().signal);
});

test('a marker wakes all that wait for its queue in this process, and takes none of another queue', async () => {
  const { url } = await server();
  const { link } = await open(url);
  const redis = await client(url);
  const signal = new AbortController().signal;
  const waits = [link.waitForWork(['a', 'b'], signal), link.waitForWork(['b', 'a'], signal)];
  await untilBlocked(redis);
  await redis.zadd('{js}:m:other', 0, 'w');
  await redis.zadd('{js}:m:b', 0, 'w');
  await Promise.all(waits);
  expect([await redis.exists('{js}:m:other'), await redis.exists('{js}:m:b')]).toEqual([1, 0]);
});

test.runIf(long)(
  'a wait ends in time when Redis stands still, and the next one gets its work',
  { timeout: 40_000 },
  async () => {
    const { url, pid } = await server();
    const { link, news } = await open(url);
    const redis = await client(url);
    const wait = link.waitForWork(['a'], new AbortController().signal);
    await untilBlocked(redis);
    process.kill(pid, 'SIGSTOP');
    onTestFinished(() => void process.kill(pid, 'SIGCONT'));
    const begun = performance.now();
    await wait;
    expect(performance.now() - begun).toBeLessThan(9_000);
    // The one that waits now asks a Redis that does not answer: it ends in time as well, or when Redis is back.
    const next = link.waitForWork(['a'], new AbortController().signal);
    await expect.poll(() => news.length, PATIENCE).toBeGreaterThan(0);
    process.kill(pid, 'SIGCONT');
    await next;
    await expect.poll(() => news.at(-1), PATIENCE).toBe('recovered');
    const last = link.waitForWork(['a'], new AbortController().signal);
    await expect.poll(() => blocked(redis), PATIENCE).toBeGreaterThan(0);
    await redis.zadd(MARKER, 0, 'w');
    await last;
    expect(await redis.exists(MARKER)).toBe(0);
  },
);

test('a call that blocks and never comes back is given up', { timeout: 40_000 }, async () => {
  const { url, port } = await server();
  const proxy = await redisProxy(port);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  const { link } = await open(proxy.url);
  const redis = await client(url);
  const signal = new AbortController().signal;
  const wait = link.waitForWork(['a'], signal);
  await untilBlocked(redis);
  proxy.silence();
  await wait;
  // This one finds out that the link is silent as well, and ends when there is another.
  await link.waitForWork(['a'], signal);
  const last = link.waitForWork(['a'], signal);
  await untilBlocked(redis);
  await redis.zadd(MARKER, 0, 'w');
  await last;
  expect(await redis.exists(MARKER)).toBe(0);
});

test('a lost link is told once, and once that it is back', async () => {
  const { url } = await server();
  const { link, news } = await open(url);
  const redis = await client(url);
  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
  await expect.poll(() => news, PATIENCE).toEqual([expect.stringContaining('the connection was lost'), 'recovered']);
  expect(await link.run('probe')).toBe(1);
});

test('a Redis that is busy is told by its health, and used again afterwards', async () => {
  const { url } = await server(['--busy-reply-threshold', '50']);
  const { link, news } = await open(url);
  const redis = await client(url);
  const stuck = (await client(url)).eval('while true do end', 0).catch((error: unknown) => String(error));
  await expect.poll(() => redis.ping().catch((error: unknown) => String(error)), PATIENCE).toContain('BUSY');
  await expect(link.health()).rejects.toThrow('is busy with a script');
  await redis.script('KILL');
  await expect(stuck).resolves.toContain('killed');
  await expect.poll(() => news.at(-1), PATIENCE).toBe('recovered');
  await link.health();
});

test('one that is too old is refused by name', async () => {
  const fake = await faked((name) => (name === 'INFO' ? bulk('# Server\r\nredis_version:6.2.14\r\n') : '+OK'));
  await expect(open(fake.url)).rejects.toMatchObject({
    code: 'engine_unavailable',
    message: expect.stringMatching(/is too old: it is 6\.2\.14, and 7\.0 is needed\.$/) as unknown,
  });
});

test('one that is still loading says so', async () => {
  const fake = await faked((name) =>
    name === 'HELLO' || name === 'CLIENT' ? '+OK' : '-LOADING Redis is loading the dataset in memory',
  );
  await expect(open(fake.url)).rejects.toMatchObject({
    code: 'engine_unavailable',
    message: expect.stringContaining('is still loading its data') as unknown,
  });
});

async function server(settings: readonly string[] = []): Promise<RedisServer> {
  const started = await startRedis({ settings });
  onTestFinished(() => started.stop());
  return started;
}

async function faked(answer: Parameters<typeof fakeRedis>[0]): Promise<FakeRedis> {
  const fake = await fakeRedis(answer);
  onTestFinished(() => fake[Symbol.asyncDispose]());
  return fake;
}

/** With what is told of it: faults as their messages, and `recovered`. */
async function open(url: string): Promise<{ link: RedisConnection; news: readonly string[] }> {
  const news: string[] = [];
  const options: RedisOptions = {
    address: redisAddress(url),
    report: (fault) => void news.push(String(fault)),
    recovered: () => void news.push('recovered'),
  };
  const link = await connect(options);
  onTestFinished(() => link.close());
  return { link, news };
}

async function client(url: string): Promise<Redis> {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  onTestFinished(() => redis.disconnect());
  await redis.ping();
  return redis;
}

async function blocked(redis: Redis): Promise<number> {
  return Number(/blocked_clients:(\d+)/.exec(await redis.info('clients'))?.[1]);
}

async function untilBlocked(redis: Redis): Promise<void> {
  await expect.poll(() => blocked(redis), PATIENCE).toBeGreaterThan(0);
}
