/** Two versions of the program side by side on one Redis, as real processes, as during an upgrade. */
import { Redis } from 'ioredis';
import { describe, expect, vi } from 'vitest';
import { VERSION } from '../../src/version.ts';
import type { DaemonProcess } from '../support/daemon-process.ts';
import { expectUndescribed } from '../support/every-response.ts';
import { long } from '../support/long.ts';
import { NEXT_VERSION, NEXT_VERSION_ENV } from '../support/next-version.ts';
import { runProgram } from '../support/program.ts';
import { onSite as it, textOf, untilStatus, type Site } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';

const PATIENCE = { timeout: 120_000 };

// A reason that only the newer version knows.
expectUndescribed(/"reason":"eclipse"/);

const nextServer = (site: Site): Promise<DaemonProcess> =>
  site.start(['serve', '--port', '0'], undefined, NEXT_VERSION_ENV);
const nextWorker = (site: Site): Promise<DaemonProcess> =>
  site.start(['worker', '--name', 'next'], undefined, NEXT_VERSION_ENV);

/** Of the installation: what lies in Redis. */
async function withRedis<T>({ redis: { url } }: Site, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}
const versionOf = (site: Site): Promise<string | null> =>
  withRedis(site, (redis) => redis.hget('{js}:schema', 'version'));

describe.concurrent('during an upgrade', () => {
  it('servers and workers of both versions do each other’s work', PATIENCE, async ({ site }) => {
    const [oldServer, oldWorker] = await Promise.all([site.serve(), site.worker('old')]);
    const [newServer] = await Promise.all([nextServer(site), nextWorker(site)]);
    const [before, after] = [site.clientOf(oldServer), site.clientOf(newServer)];
    const versions = new Map((await before.workers()).map(({ name, version }) => [name, version]));
    expect(versions).toEqual(
      new Map([
        ['old', VERSION],
        ['next', NEXT_VERSION],
      ]),
    );
    for (const [from, to] of [
      [before, after],
      [after, before],
    ] as const) {
      for (const name of ['old', 'next']) {
        const job = await from.jobs.create({ command: 'echo hello', queue: `host:${name}` });
        expect(await untilStatus(to, `${job.id}.1`, 'succeeded')).toMatchObject({ worker: name });
        expect(await textOf(to, `${job.id}.1`)).toBe('hello\n');
      }
      const cron = await from.jobs.create({ command: 'true', schedule: '* * * * * *' });
      await untilSeen(to, async () => ((await to.runs.list({ job: cron.id })).rows.length > 0 ? true : null));
      await to.jobs.delete(cron.id, { force: true });
    }
    // As long as one of the old ones is there, all write what it can read.
    expect(await versionOf(site)).toBe('1');
    if (!long) return;
    await Promise.all([oldServer, oldWorker].map((old) => old.end('SIGTERM')));
    await vi.waitFor(async () => expect(await versionOf(site)).toBe('2'), { timeout: 90_000, interval: 1_000 });
  });

  it('whoever is too old for the data is refused, running or starting, by a sentence', PATIENCE, async ({ site }) => {
    const [oldServer, oldWorker] = await Promise.all([site.serve(), site.worker('old')]);
    // Not before them: what a new one founds is of its version.
    const newServer = await nextServer(site);
    // As if it had been cut off while all others were upgraded.
    await withRedis(site, (redis) => redis.hset('{js}:schema', 'version', 2));
    const sentence = `Redis at 127.0.0.1:${site.redis.port} holds data of version 2; this jobsched knows up to 1.`;
    await Promise.all([oldServer.said(sentence), oldWorker.said(sentence)]);
    const answer = await fetch(`${oldServer.url}/api/jobs`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'data_newer', detail: sentence });
    expect((await fetch(`${oldServer.url}/readyz`)).status).toBe(503);
    const at = ['--redis-addr', `127.0.0.1:${site.redis.port}`];
    for (const words of [['serve', '--port', '0'], ['worker']]) {
      const { code, stderr } = await runProgram([...words, ...at], { cwd: site.folder, env: { HOME: site.folder } });
      expect(code).toBe(1);
      expect(stderr).toContain(sentence);
      expect(stderr).toContain('run the newer jobsched');
    }
    await nextWorker(site);
    const client = site.clientOf(newServer);
    const job = await client.jobs.create({ command: 'true', queue: 'host:next' });
    expect(await untilStatus(client, `${job.id}.1`, 'succeeded')).toMatchObject({ worker: 'next' });
  });
});

describe.concurrent('records that a newer version wrote', () => {
  it(
    'are read, run, edited and kept: with more fields, and with a reason that nobody knows',
    PATIENCE,
    async ({ site }) => {
      const [server] = await Promise.all([site.serve(), site.worker('w1')]);
      const client = site.clientOf(server);
      const cron = await client.jobs.create({ command: 'exit 3', schedule: '@daily', name: 'nightly' });
      await client.jobs.run(cron.id);
      await untilStatus(client, 'nightly#1', 'failed');
      await withRedis(site, async (redis) => {
        const definition = (await redis.get(`{js}:d:${cron.id}`)) ?? '';
        await redis.set(`{js}:d:${cron.id}`, definition.replace('{', '{"notify":{"url":"x"},'));
        await redis.hset(`{js}:j:${cron.id}`, 'zz', 'new');
        for (const key of await redis.keys('{js}:r:*')) await redis.hset(key, { r: 'eclipse', zz: 'new' });
        for (const key of await redis.keys('{js}:w:*')) await redis.hset(key, 'mood', 'good');
      });
      expect(await client.jobs.get('nightly')).toMatchObject({ command: 'exit 3' });
      expect(await client.runs.get('nightly#1')).toMatchObject({ status: 'failed', reason: 'eclipse', exit_code: 3 });
      expect(await client.workers()).toMatchObject([{ name: 'w1', alive: true }]);
      for (const words of [['get', 'nightly#1'], ['list'], ['get', 'nightly']]) {
        const { code, stdout, stderr } = await runProgram(words, { server: server.url });
        expect([code, stderr]).toEqual([0, '']);
        expect(stdout).toContain('nightly');
      }
      await client.jobs.update(cron.id, { command: 'true' });
      await client.jobs.run(cron.id);
      expect(await untilStatus(client, 'nightly#2', 'succeeded')).toMatchObject({ attempt: 1 });
      await withRedis(site, async (redis) => {
        expect(await redis.get(`{js}:d:${cron.id}`)).toContain('"notify":{"url":"x"}');
        expect(await redis.hget(`{js}:j:${cron.id}`, 'zz')).toBe('new');
      });
    },
  );
});
