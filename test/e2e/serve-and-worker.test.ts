/**
 * `jobsched serve` and `jobsched worker` on a real Redis, as their users start, kill and lose them. The tests run side by
 * side: each has a Redis of its own.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { describe, expect } from 'vitest';
import { startDaemonProcess } from '../support/daemon-process.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram, type Ran } from '../support/program.ts';
import { freePort, startRedis } from '../support/redis.ts';
import { onSite as it, textOf, untilOutput, untilStatus, type Site } from '../support/site.ts';

/** A command that ends when `go()` says so. */
const WAITS = 'echo begun; until [ -e go ]; do sleep 0.05; done; echo done';
const go = ({ folder }: Site): Promise<void> => writeFile(join(folder, 'go'), '');

describe.concurrent('two servers and a worker', () => {
  it('are one: submitted here, run there, read elsewhere', async ({ site }) => {
    const [here, elsewhere, works] = await Promise.all([site.serve(), site.serve(), site.worker('w1')]);
    expect(works.log.at(-1)).toMatchObject({ msg: 'ready', name: 'w1', queues: ['default', 'host:w1'] });
    const job = await site.clientOf(here).jobs.create({ command: 'echo hello' });
    const client = site.clientOf(elsewhere);
    const run = await untilStatus(client, `${job.id}.1`, 'succeeded');
    expect(run.worker).toBe('w1');
    expect(await textOf(client, run.id)).toBe('hello\n');
    const ready = (await (await fetch(`${elsewhere.url}/readyz`)).json()) as { parts: { name: string }[] };
    expect(ready.parts.map(({ name }) => name)).toEqual(['engine', 'scheduler']);
    expect(await Promise.all([here, elsewhere, works].map((each) => each.end('SIGTERM')))).toEqual([0, 0, 0]);
  });

  it('what no worker serves says so, and what to type next', async ({ site }) => {
    const server = await site.serve();
    expect(server.log.at(-1)).toMatchObject({ workers: false, next: expect.stringContaining(' worker ') as string });
    const client = site.clientOf(server);
    await expect(Array.fromAsync(client.backup())).rejects.toMatchObject({ code: 'not_found' });
    const job = await client.jobs.create({ command: 'true' });
    expect(await client.runs.get(`${job.id}.1`)).toMatchObject({ waiting_for: 'no worker serves queue default' });
    await client.jobs.create({ command: 'true', queue: 'host:web-2' });
    const { findings } = await client.doctor();
    expect(findings.find(({ message }) => message.includes('waits in host:web-2'))?.remedy).toMatch(
      /^Start the worker of that name, on that host: jobsched worker --redis-url \S+ .*--name web-2$/,
    );
    expect(findings.find(({ check }) => check === 'workers')?.remedy).toMatch(
      /^Start one: jobsched worker --redis-url redis:\/\/\S+:\d+/,
    );
  });
});

describe.concurrent('a worker that shows its numbers', () => {
  it('shows those of its process to this machine, and nothing else', async ({ site }) => {
    const [server, works] = await Promise.all([site.serve(), site.worker('w1', '--metrics-port', '0')]);
    const client = site.clientOf(server);
    const { id } = await client.jobs.create({ command: 'true' });
    await untilStatus(client, `${id}.1`, 'succeeded');
    const url = String(works.log.find(({ msg }) => msg === 'metrics are served')?.['url']);
    const numbers = await (await fetch(url)).text();
    expect(numbers).toContain('jobsched_claimed_runs_total 1\n');
    expect(numbers).toContain('jobsched_store_call_seconds_count{method="claim"}');
    expect(numbers).toContain('jobsched_event_loop_lag_seconds');
    expect(numbers).not.toContain('jobsched_http_requests_total');
    expect((await fetch(url.replace('/metrics', '/api/jobs'))).status).toBe(404);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    const stranger = await request(url, { headers: { host: 'evil.example' } });
    expect(stranger.statusCode).toBe(421);
    await stranger.body.dump();
    const shown = await (await fetch(`${server.url}/metrics`)).text();
    expect(shown).toMatch(/^jobsched_http_requests_total\{method="POST",route="\/api\/jobs",status="201"\} 1$/mu);
    expect(shown).toMatch(/^jobsched_scheduler_lag_seconds_count 0$/mu);
  });
});

describe.concurrent('a worker that is killed', () => {
  it('and comes back by its name has its runs decided at once', async ({ site }) => {
    const [server, first] = await Promise.all([site.serve(), site.worker('w1')]);
    const client = site.clientOf(server);
    const job = await client.jobs.create({ command: WAITS, cwd: site.folder, retries: 1 });
    await untilOutput(client, `${job.id}.1`);
    await first.end('SIGKILL');
    const again = await site.worker('w1');
    await go(site);
    expect(await untilStatus(client, `${job.id}.1`, 'succeeded')).toMatchObject({ attempt: 2 });
    expect(again.log).toContainEqual(expect.objectContaining({ msg: 'its worker died with it' }));
  });
});

describe.concurrent('a Redis that is killed and comes back', () => {
  it('finds its commands ended, and what they did is delivered', async ({ site }) => {
    const [server, works] = await Promise.all([site.serve(), site.worker('w1')]);
    const client = site.clientOf(server);
    const job = await client.jobs.create({ command: WAITS, cwd: site.folder });
    await untilOutput(client, `${job.id}.1`);
    site.killRedis();
    await server.said('Redis at');
    const answer = await fetch(`${server.url}/api/jobs`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'engine_unavailable' });
    await go(site);
    await Promise.all([
      works.said('run succeeded'),
      works.said('the store does not take it'),
      server.said('cannot fire'),
    ]);
    await site.restartRedis();
    await works.said('the store answers again');
    await server.said('storage answers again');
    const again = site.clientOf(server);
    expect(await untilStatus(again, `${job.id}.1`, 'succeeded')).toMatchObject({ attempt: 1 });
    expect(await textOf(again, `${job.id}.1`)).toBe('begun\ndone\n');
  }, 30_000);
});

describe.concurrent('a start', () => {
  async function run(...args: string[]): Promise<Ran> {
    await using home = await temporaryFolder();
    return await runProgram(args, { cwd: home.path, env: { HOME: home.path } });
  }

  it.each([['serve', '--port', '0'], ['worker']])(
    'of %s without a Redis says what to do, and fails',
    async (...args) => {
      const at = `127.0.0.1:${await freePort()}`;
      const { code, stderr } = await run(...args, '--redis-addr', at);
      expect(code).toBe(1);
      expect(stderr).toContain(`${at} cannot be reached: nothing listens there`);
      expect(stderr).toMatch(
        /redis-server`\)\. Start this again once it is well, or add --wait\. .*(npm start|jobsched standalone)/,
      );
      expect(stderr).not.toContain('by itself');
      expect(stderr).not.toContain('    at ');
    },
  );

  it('with --wait goes on when there is one, and says once that it waits', async () => {
    const port = await freePort();
    const args = ['worker', '--wait', '--redis-addr', `127.0.0.1:${port}`];
    await using home = await temporaryFolder();
    await using waits = await startDaemonProcess({ folder: home.path, args, ready: 'waiting for Redis' });
    await using _redis = await startRedis({ port });
    await waits.said('ready');
    expect(waits.log.filter(({ msg }) => String(msg).startsWith('waiting for Redis: '))).toHaveLength(1);
  });

  it('with a wrong password says so, and never shows it; with the right one warns of ps', async () => {
    await using locked = await startRedis({ settings: ['--requirepass', 'sesame'] });
    const at = ['--redis-addr', `127.0.0.1:${locked.port}`];
    const { code, stderr } = await run('worker', ...at, '--redis-pass', 'wrong-one');
    expect(code).toBe(1);
    expect(stderr).toContain('refuses the user or password');
    expect(stderr).not.toContain('wrong-one');
    const args = ['worker', ...at, '--redis-pass', 'sesame'];
    await using home = await temporaryFolder();
    await using works = await startDaemonProcess({ folder: home.path, args });
    expect(works.log.filter(({ msg }) => String(msg).includes('--redis-pass in ps'))).toHaveLength(1);
    expect(JSON.stringify(works.log)).not.toContain('sesame');
  });

  it('by the old flags is serve, or with --worker worker', async ({ site }) => {
    const [server, works] = await Promise.all([
      site.start(['--port', '0', '--redis-db', '1', '--redis-pass', '']),
      site.start(['--worker', '--redis-db', '1']),
    ]);
    const client = site.clientOf(server);
    const job = await client.jobs.create({ command: 'true' });
    await untilStatus(client, `${job.id}.1`, 'succeeded');
    await works.said('run succeeded');
  });
});
