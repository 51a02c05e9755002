/** `jobsched serve` and `jobsched worker` on a real Redis, as their users start, kill and lose them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/client.ts';
import { startDaemonProcess, type DaemonProcess } from '../support/daemon-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { runProgram } from '../support/program.ts';
import { freePort, startRedis, type RedisServer } from '../support/redis.ts';
import { untilSeen } from '../support/until-seen.ts';

let stack: AsyncDisposableStack;
let folder: TemporaryFolder;
let redis: RedisServer;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = stack.use(await temporaryFolder());
  redis = stack.use(await startRedis({ settings: kept() }));
});
afterEach(() => stack.disposeAsync());

/** A Redis that keeps what it acknowledged, also when it is killed. */
const kept = (): string[] => ['--appendonly', 'yes', '--appendfsync', 'always', '--dir', folder.path];

async function start(...args: string[]): Promise<DaemonProcess> {
  const at = ['--redis-addr', `127.0.0.1:${redis.port}`];
  return stack.use(await startDaemonProcess({ folder: folder.path, args: [...args, ...at] }));
}

const serve = (...flags: string[]): Promise<DaemonProcess> => start('serve', '--port', '0', ...flags);
const worker = (name: string): Promise<DaemonProcess> => start('worker', '--name', name);

function clientOf({ url }: DaemonProcess): Client {
  return stack.adopt(createClient({ server: url }), (client) => client.close());
}

/** A command that ends when `go()` says so. */
const WAITS = 'echo begun; until [ -e go ]; do sleep 0.05; done; echo done';
const go = (): Promise<void> => writeFile(join(folder.path, 'go'), '');

async function untilOutput(client: Client, run: string): Promise<void> {
  for await (const event of client.runs.follow(run)) if (event.kind === 'output') return;
}

async function textOf({ url }: DaemonProcess, run: string): Promise<string> {
  return (await fetch(`${url}/api/runs/${run}/output`)).text();
}

const untilStatus = (client: Client, run: string, status: string) =>
  untilSeen(client, async () => {
    const seen = await client.runs.get(run);
    return seen.status === status ? seen : null;
  });

describe('two servers and a worker', () => {
  it('are one: submitted here, run there, read elsewhere', async () => {
    const [here, elsewhere, works] = await Promise.all([serve(), serve(), worker('w1')]);
    expect(works.log.at(-1)).toMatchObject({ msg: 'ready', name: 'w1', queues: ['default', 'host:w1'] });
    const job = await clientOf(here).jobs.create({ command: 'echo hello' });
    const run = await untilStatus(clientOf(elsewhere), `${job.id}.1`, 'succeeded');
    expect(run.worker).toBe('w1');
    expect(await textOf(elsewhere, run.id)).toBe('hello\n');
    const ready = (await (await fetch(`${elsewhere.url}/readyz`)).json()) as { parts: { name: string }[] };
    expect(ready.parts.map(({ name }) => name)).toEqual(['engine', 'scheduler']);
    expect(await Promise.all([here, elsewhere, works].map((each) => each.end('SIGTERM')))).toEqual([0, 0, 0]);
  });

  it('what no worker serves says so, and what to type next', async () => {
    const server = await serve();
    expect(server.log.at(-1)).toMatchObject({ workers: false, next: expect.stringContaining(' worker ') as string });
    const client = clientOf(server);
    const job = await client.jobs.create({ command: 'true' });
    expect(await client.runs.get(`${job.id}.1`)).toMatchObject({ waiting_for: 'no worker serves queue default' });
  });
});

describe('a worker that is killed', () => {
  it('and comes back by its name has its runs decided at once', async () => {
    const [server, first] = await Promise.all([serve(), worker('w1')]);
    const client = clientOf(server);
    const job = await client.jobs.create({ command: WAITS, cwd: folder.path, retries: 1 });
    await untilOutput(client, `${job.id}.1`);
    await first.end('SIGKILL');
    const again = await worker('w1');
    await go();
    expect(await untilStatus(client, `${job.id}.1`, 'succeeded')).toMatchObject({ attempt: 2 });
    expect(again.log).toContainEqual(expect.objectContaining({ msg: 'its worker died with it' }));
  });

  it.runIf(long)(
    'is out of contact within 16 s, and another takes over',
    async () => {
      const [server, first] = await Promise.all([serve(), worker('w1')]);
      const client = clientOf(server);
      const fields = { cwd: folder.path, retries: 1, lost_after_seconds: 2 };
      const job = await client.jobs.create({ command: WAITS, ...fields });
      await untilOutput(client, `${job.id}.1`);
      await Promise.all([first.end('SIGKILL'), worker('w2')]);
      const killedAt = performance.now();
      await untilSeen(client, async () => ((await client.runs.get(`${job.id}.1`)).contact_lost ? true : null));
      expect(performance.now() - killedAt).toBeLessThan(16_500);
      await go();
      const run = await untilStatus(client, `${job.id}.1`, 'succeeded');
      expect(run).toMatchObject({ attempt: 2, worker: 'w2' });
    },
    60_000,
  );
});

describe('a Redis that is killed and comes back', () => {
  it('finds its commands ended, and what they did is delivered', async () => {
    const [server, works] = await Promise.all([serve(), worker('w1')]);
    const client = clientOf(server);
    const job = await client.jobs.create({ command: WAITS, cwd: folder.path });
    await untilOutput(client, `${job.id}.1`);
    process.kill(redis.pid, 'SIGKILL');
    await server.said('Redis at');
    const answer = await fetch(`${server.url}/api/jobs`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ code: 'engine_unavailable' });
    await go();
    await Promise.all([
      works.said('run succeeded'),
      works.said('the store does not take it'),
      server.said('cannot fire'),
    ]);
    redis = stack.use(await startRedis({ port: redis.port, settings: kept() }));
    await works.said('the store answers again');
    await server.said('storage answers again');
    const run = await untilStatus(clientOf(server), `${job.id}.1`, 'succeeded');
    expect(run).toMatchObject({ attempt: 1 });
    expect(await textOf(server, run.id)).toBe('begun\ndone\n');
  }, 30_000);
});

describe('a start', () => {
  const run = (...args: string[]) => runProgram(args, { cwd: folder.path, env: { HOME: folder.path } });

  it.each([['serve', '--port', '0'], ['worker']])(
    'of %s without a Redis says what to do, and fails',
    async (...args) => {
      const at = `127.0.0.1:${await freePort()}`;
      const { code, stderr } = await run(...args, '--redis-addr', at);
      expect(code).toBe(1);
      expect(stderr).toContain(`${at} cannot be reached: nothing listens there`);
      expect(stderr).toMatch(/redis-server.*(npm start|jobsched standalone)/);
      expect(stderr).not.toContain('    at ');
    },
  );

  it('with --wait goes on when there is one, and says once that it waits', async () => {
    const port = await freePort();
    const args = ['worker', '--wait', '--redis-addr', `127.0.0.1:${port}`];
    const waits = stack.use(await startDaemonProcess({ folder: folder.path, args, ready: 'waiting for Redis' }));
    stack.use(await startRedis({ port }));
    await waits.said('ready');
    expect(waits.log.filter(({ msg }) => String(msg).startsWith('waiting for Redis: '))).toHaveLength(1);
  });

  it('with a wrong password says so, and never shows it; with the right one warns of ps', async () => {
    const locked = stack.use(await startRedis({ settings: ['--requirepass', 'sesame'] }));
    const at = ['--redis-addr', `127.0.0.1:${locked.port}`];
    const { code, stderr } = await run('worker', ...at, '--redis-pass', 'wrong-one');
    expect(code).toBe(1);
    expect(stderr).toContain('refuses the user or password');
    expect(stderr).not.toContain('wrong-one');
    const args = ['worker', ...at, '--redis-pass', 'sesame'];
    const works = stack.use(await startDaemonProcess({ folder: folder.path, args }));
    expect(works.log.filter(({ msg }) => String(msg).includes('--redis-pass in ps'))).toHaveLength(1);
    expect(JSON.stringify(works.log)).not.toContain('sesame');
  });

  it('by the old flags is serve, or with --worker worker', async () => {
    const [server, works] = await Promise.all([
      start('--port', '0', '--redis-db', '1', '--redis-pass', ''),
      start('--worker', '--redis-db', '1'),
    ]);
    const client = clientOf(server);
    const job = await client.jobs.create({ command: 'true' });
    await untilStatus(client, `${job.id}.1`, 'succeeded');
    expect(works.log.at(-1)).toMatchObject({ msg: 'run succeeded' });
  });
});
