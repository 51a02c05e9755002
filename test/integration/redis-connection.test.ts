/** What the store says of a Redis that is not well, and what it does when that passes. Real servers, each with its fault. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { redisAddress } from '../../src/store/redis/link/address.ts';
import { connect, type RedisConnection } from '../../src/store/redis/link/connection.ts';
import type { Hint } from '../../src/store/store.ts';
import { freePort, startRedis, type RedisServer, type RedisServerOptions } from '../support/redis.ts';

const reports: string[] = [];
afterEach(() => void reports.splice(0));

describe('refuses to start', () => {
  test('where nothing listens', async () => {
    const port = await freePort();
    const opened = open(`redis://127.0.0.1:${port}`);
    await expect(opened).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: `Redis at 127.0.0.1:${port} cannot be reached: nothing listens there (ECONNREFUSED).`,
      hint: expect.stringContaining('jobsched standalone') as unknown,
    });
  });

  test('without a password, or with a wrong one, which it does not show', async () => {
    const { port, url } = await serverWith({ settings: ['--requirepass', 'right'] });
    await expect(open(url)).rejects.toThrow('wants a password, and was given none');
    const wrong = await open(`redis://:wr0ng@127.0.0.1:${port}`).catch((error: unknown) => error);
    expect(wrong).toMatchObject({
      code: 'engine_unavailable',
      message: `Redis at 127.0.0.1:${port} refuses the user or password that it was given.`,
    });
    expect(JSON.stringify(wrong)).not.toContain('wr0ng');
    const right = await open(`redis://:right@127.0.0.1:${port}`);
    await right.health();
  });

  test('as a user who may not do what is needed', async () => {
    const { port } = await serverWith({ settings: ['--user', 'bob', 'on', '>pw', '~other*', '&*', '+@all'] });
    await expect(open(`redis://bob:pw@127.0.0.1:${port}`)).rejects.toThrow('does not permit this user');
  });

  test('in a database that is not there', async () => {
    const { url } = await serverWith();
    await expect(open(`${url}/99`)).rejects.toThrow('has no database of that number');
  });

  test('on data of a newer version', async () => {
    const { url } = await serverWith();
    await direct(url, (redis) => redis.hset('{js}:schema', { version: 99, id: 'x' }));
    await expect(open(url)).rejects.toMatchObject({ code: 'data_newer' });
  });

  test('on jobs whose mark is gone', async () => {
    const { url } = await serverWith();
    await direct(url, (redis) => redis.set('{js}:seq', 1));
    await expect(open(url)).rejects.toMatchObject({ code: 'data_damaged' });
  });

  test('on a replica', async () => {
    const master = await serverWith();
    const replica = await serverWith({ settings: ['--replicaof', '127.0.0.1', String(master.port)] });
    await expect(open(replica.url)).rejects.toMatchObject({ code: 'engine_read_only' });
  });
});

test('warns of a policy that throws jobs away', async () => {
  const { url } = await serverWith({ settings: ['--maxmemory-policy', 'allkeys-lru'] });
  await open(url);
  expect(reports).toEqual([expect.stringContaining('its maxmemory-policy is allkeys-lru')]);
});

describe('when Redis', () => {
  test('is full, says so until it is not', async () => {
    const { url } = await serverWith();
    const link = await open(url);
    await direct(url, (redis) => redis.config('SET', 'maxmemory', '1'));
    await expect(link.run('probe')).rejects.toMatchObject({ code: 'engine_full' });
    await expect(link.health()).rejects.toMatchObject({ code: 'engine_full' });
    expect(await link.run('has-work', 'a')).toBe(0);
    await direct(url, (redis) => redis.config('SET', 'maxmemory', '0'));
    await link.health();
  });

  test('is paused for a moment, waits', async () => {
    const { url } = await serverWith();
    const link = await open(url);
    await direct(url, (redis) => redis.client('PAUSE', 300));
    expect(await link.run('probe')).toBe(1);
  });

  test('stands still, gives up in some seconds, and goes on afterwards', async () => {
    const { url, pid } = await serverWith();
    const link = await open(url);
    process.kill(pid, 'SIGSTOP');
    const begun = performance.now();
    await expect(link.run('probe')).rejects.toMatchObject({ code: 'engine_unavailable' });
    expect(performance.now() - begun).toBeLessThan(15_000);
    const back = hinted(link);
    process.kill(pid, 'SIGCONT');
    await back;
    expect(await link.run('probe')).toBe(1);
  });

  test('was killed and comes back with its data, goes on and tells that hints were missed', async () => {
    const first = await serverWith();
    const link = await open(first.url);
    const [id] = await link.read([['HGET', '{js}:schema', 'id']]);
    await first.stop();
    await expect(link.run('probe')).rejects.toMatchObject({ code: 'engine_unavailable' });
    const back = hinted(link);
    const waiting = link.waitForWork(['a'], new AbortController().signal);
    const second = await serverWith();
    await direct(second.url, (redis) => redis.hset('{js}:schema', { version: 1, id: String(id) }));
    const proxy = await forward(first.port, second.port);
    await back;
    await waiting;
    expect(await link.run('probe')).toBe(1);
    proxy.close();
  });

  test.each([
    ['is emptied', 'has lost all jobs, as if it had been restarted empty', async () => undefined],
    [
      'is emptied and begun anew by another',
      'now has other jobs',
      async (url: string) => {
        await (await open(url)).run('probe');
      },
    ],
  ])('%s, with the link standing, refuses at once, loudly, and writes nothing', async (_, words, then) => {
    const { url } = await serverWith();
    const link = await open(url);
    await link.run('probe');
    await direct(url, (redis) => redis.flushall());
    await then(url);
    const before = await direct(url, (redis) => redis.dbsize());
    const told = expect.stringContaining(words) as unknown;
    for (const script of ['heartbeat', 'tick', 'probe'] as const) {
      await expect(link.run(script, 'x')).rejects.toMatchObject({ code: 'engine_unavailable', message: told });
    }
    await expect(link.read([['PING']])).rejects.toMatchObject({ message: told });
    const here = url.replace('redis://', '');
    expect(reports.filter((report) => report.includes(here))).toEqual([told]);
    expect(await direct(url, (redis) => redis.dbsize())).toBe(before);
  });

  test('is emptied and filled again with its data, goes on', async () => {
    const { url } = await serverWith();
    const link = await open(url);
    const schema = await direct(url, (redis) => redis.hgetall('{js}:schema'));
    await direct(url, (redis) => redis.flushall());
    await expect(link.run('probe')).rejects.toThrow('has lost all jobs');
    const back = hinted(link);
    await direct(url, (redis) => redis.hset('{js}:schema', schema));
    await back;
    expect(await link.run('probe')).toBe(1);
  });

  test('comes back empty, refuses, loudly', async () => {
    const first = await serverWith();
    const link = await open(first.url);
    await first.stop();
    await serverWith({ port: first.port });
    await expect
      .poll(() => link.run('probe').catch((error: unknown) => String(error)), { timeout: 15_000 })
      .toContain('has lost all jobs');
    expect(reports.some((report) => report.includes('has lost all jobs'))).toBe(true);
    expect(await direct(first.url, (redis) => redis.exists('{js}:schema'))).toBe(0);
  });
});

async function serverWith(options: RedisServerOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options);
  onTestFinished(() => server.stop());
  return server;
}

async function open(url: string): Promise<RedisConnection> {
  const report = (fault: unknown): void => void reports.push(String(fault));
  const link = await connect({ address: redisAddress(url), report });
  onTestFinished(() => link.close());
  return link;
}

async function direct<T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}

/** The first hint. */
function hinted(link: RedisConnection): Promise<Hint> {
  return new Promise((resolve) => link.subscribe(resolve));
}

async function forward(from: number, to: number): Promise<{ close: () => void }> {
  const { connect: dial } = await import('node:net');
  const server = createServer((socket) => {
    const target = dial(to, '127.0.0.1');
    socket.on('error', () => target.destroy()).pipe(target);
    target.on('error', () => socket.destroy()).pipe(socket);
  }).listen(from, '127.0.0.1');
  await once(server, 'listening');
  return { close: () => server.close() };
}
