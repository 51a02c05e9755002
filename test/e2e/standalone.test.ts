/** `jobsched standalone`, as its user starts, stops and breaks it. */
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { lstat, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { makePipeFolder } from '../../src/worker/executor/pipe-folder.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { untilNoneWith } from '../support/processes.ts';
import { startStandalone } from '../support/standalone.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/jobsched.js', import.meta.url));

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

/** Starts it where it should refuse to start. */
async function refused(...flags: string[]): Promise<{ readonly code: number | null; readonly error: string }> {
  const child = spawn(process.execPath, [PROGRAM, 'standalone', ...flags], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'], HOME: folder.path },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let error = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  await once(child, 'close');
  return { code: child.exitCode, error };
}

async function raiseVersion(file: string): Promise<void> {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 9999');
  database.close();
}

const data = (): string => join(folder.path, 'data');

describe('a start', () => {
  it('makes its folder for its owner only, and says where everything is, also to systemd', async () => {
    const [helper, told] = ['systemd-notify', 'told'].map((name) => join(folder.path, name)) as [string, string];
    await promisify(execFile)('mkfifo', [told]);
    await writeFile(helper, '#!/bin/sh\necho "$NOTIFY_SOCKET $*" > told\n', { mode: 0o755 });
    const env = { PATH: `${folder.path}:${process.env['PATH']}`, NOTIFY_SOCKET: '/run/notify' };
    await using server = await startStandalone({ folder: folder.path, flags: ['--data-dir', data()], env });
    expect(await readFile(told, 'utf8')).toBe('/run/notify --ready\n');
    expect((await stat(data())).mode & 0o777).toBe(0o700);
    expect((await stat(join(data(), 'jobsched.db'))).mode & 0o777).toBe(0o600);
    expect(server.log.at(-1)).toMatchObject({ msg: 'ready', data: join(data(), 'jobsched.db') });
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'ok',
      parts: [
        { name: 'engine', ready: true, detail: join(data(), 'jobsched.db') },
        { name: 'scheduler', ready: true, detail: 'fires slots' },
        { name: 'worker', ready: true, detail: expect.stringMatching(/^claims runs: 0 of \d+ slots busy$/) as string },
      ],
    });
    expect(await server.end('SIGTERM')).toBe(0);
  });

  it('is refused on a taken port, with the port, the flag, and exit code 1', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, error } = await refused('--port', String(port), '--data-dir', data());
    expect(code).toBe(1);
    expect(error).toContain(String(port));
    expect(error).toContain('--port');
    expect(error).not.toContain('    at ');
    taken.close();
  });

  it('is refused while another has the file open', async () => {
    await using server = await startStandalone({ folder: folder.path });
    const { code, error } = await refused('--port', '0', '--data-dir', folder.path);
    expect(code).toBe(1);
    expect(error).toContain(join(folder.path, 'jobsched.db'));
    await createClient({ server: server.url }).stats();
  });

  it('is refused where the folder cannot be made', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const { code, error } = await refused('--port', '0', '--data-dir', join(folder.path, 'file', 'data'));
    expect(code).toBe(1);
    expect(error).toContain(join(folder.path, 'file', 'data'));
  });

  it('is refused on a file, and where the system lets nobody make a folder', async () => {
    expect(await refused('--port', '0', '--data-dir', '/etc/passwd')).toMatchObject({
      code: 1,
      error: expect.stringContaining('/etc/passwd is a file, not a folder') as string,
    });
    expect((await refused('--port', '0', '--data-dir', '/proc/nope')).error).toContain('/proc/nope cannot be made');
  });

  it.each([
    ['a newer version', raiseVersion],
    ['something else', (file: string) => writeFile(file, 'these are my notes\n'.repeat(500))],
  ])('is refused on the file of %s, and leaves it alone', async (_, spoil) => {
    await mkdir(data());
    const file = join(data(), 'jobsched.db');
    await (await startStandalone({ folder: folder.path, flags: ['--data-dir', data()] })).end('SIGTERM');
    await spoil(file);
    const before = (await stat(file)).size;
    const { code, error } = await refused('--port', '0', '--data-dir', data());
    expect(code).toBe(1);
    expect(error).toContain(file);
    expect((await stat(file)).size).toBe(before);
  });

  it('is refused beyond loopback unless --auth none says so', async () => {
    const { code, error } = await refused('--port', '0', '--data-dir', data(), '--host', '0.0.0.0');
    expect(code).toBe(2);
    expect(error).toContain('--auth none');
    const flags = ['--data-dir', data(), '--host', '0.0.0.0', '--auth', 'none'];
    await using server = await startStandalone({ folder: folder.path, flags });
    expect((await fetch(`${server.url.replace('0.0.0.0', '127.0.0.1')}/livez`)).status).toBe(200);
  });

  it('is refused with every setting that is wrong, and exit code 2', async () => {
    const { code, error } = await refused('--port', 'x', '--concurrency', '0');
    expect(code).toBe(2);
    expect(error).toMatch(/--port[^]*--concurrency/);
  });
});

describe('a kill', () => {
  it('in the instant in which pipes are made leaves what the next start removes, with that of other boots', async () => {
    const preloaded = import.meta.resolve('../support/fixture-dies-making-pipes.ts');
    await using server = await startStandalone({
      folder: folder.path,
      env: { NODE_OPTIONS: `--import=${preloaded}` },
    });
    const client = createClient({ server: server.url });
    await client.jobs.create({ command: 'true' }).catch(() => null);
    await server.ended;
    await client.close();
    expect(server.process.signalCode).toBe('SIGKILL');
    const pipes = async (): Promise<string[]> =>
      (await readdir(folder.path)).filter((name) => name.startsWith('jobsched-pipes-'));
    const [left = ''] = await pipes();
    expect((await lstat(join(folder.path, left, '0'))).isFIFO()).toBe(true);
    // Only where nobody else can be is nobody asked whether its maker lives.
    const ofAnotherBoot = basename(makePipeFolder(folder.path)).replace(/pipes-[0-9a-f-]{36}/, `pipes-${randomUUID()}`);
    await mkdir(join(folder.path, ofAnotherBoot));
    await using again = await startStandalone({ folder: folder.path });
    expect(await pipes()).toEqual([]);
    expect(await again.end('SIGTERM')).toBe(0);
  });
});

describe('a stop', () => {
  const mark = (): string => `STOP_TEST=${folder.path}`;

  /** A job that runs until it is ended, and its run, once it runs. */
  async function running(url: string, command: string): Promise<string> {
    const client = createClient({ server: url });
    const job = await client.jobs.create({ command, env: { STOP_TEST: folder.path } });
    for await (const event of client.runs.follow(`${job.id}.1`)) if (event.kind === 'output') break;
    await client.close();
    return `${job.id}.1`;
  }

  it('by TERM lets runs end', async () => {
    const server = await startStandalone({ folder: folder.path });
    const run = await running(server.url, 'echo ready; sleep 1; echo done');
    expect(await server.end('SIGTERM')).toBe(0);
    await using again = await startStandalone({ folder: folder.path });
    const client = createClient({ server: again.url });
    expect(await client.runs.get(run)).toMatchObject({ status: 'succeeded', attempt: 1 });
    await client.close();
  });

  it('takes no new work while runs end, and lets them be seen and cancelled', async () => {
    const server = await startStandalone({ folder: folder.path });
    const run = await running(server.url, 'echo ready; sleep 300');
    server.process.kill('SIGTERM');
    await server.said('stopping');
    const client = createClient({ server: server.url });
    await expect(client.jobs.create({ command: 'true' })).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(client.jobs.run(run.slice(0, 36), { force: true })).rejects.toMatchObject({ code: 'shutting_down' });
    expect(await client.runs.get(run)).toMatchObject({ status: 'running' });
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(503);
    const drains = { name: 'worker', ready: false, detail: 'draining: claims no more, 1 still run' };
    expect(await ready.json()).toMatchObject({
      status: 'not_ready',
      parts: expect.arrayContaining([drains]) as unknown,
    });
    await client.runs.cancel(run);
    await server.ended;
    await client.close();
    expect(server.process.exitCode).toBe(0);
  });

  it('by TERM ends runs that outlast --drain-timeout', async () => {
    const server = await startStandalone({ folder: folder.path, flags: ['--drain-timeout', '0'] });
    const run = await running(server.url, 'echo ready; sleep 300');
    expect(await server.end('SIGTERM')).toBe(0);
    await untilNoneWith(mark());
    await using again = await startStandalone({ folder: folder.path });
    const client = createClient({ server: again.url });
    expect(await client.runs.get(run)).toMatchObject({ status: 'failed', reason: 'lost', detail: 'drained' });
    await client.close();
  });

  it('by a second TERM ends runs at once', async () => {
    const server = await startStandalone({ folder: folder.path });
    await running(server.url, 'echo ready; sleep 300');
    server.process.kill('SIGTERM');
    await server.said('stopping');
    await setTimeout(1_050);
    expect(await server.end('SIGTERM')).toBe(0);
    await untilNoneWith(mark());
  });

  it('by two TERMs at once, as npm start sends them, lets runs end; one more later ends them', async () => {
    const server = await startStandalone({ folder: folder.path, flags: ['--log-level', 'debug'] });
    const run = await running(server.url, 'echo ready; sleep 300');
    const client = createClient({ server: server.url });
    server.process.kill('SIGTERM');
    await setTimeout(50);
    server.process.kill('SIGTERM');
    await server.said('the same signal again');
    // What is taken for the same one may come for as long as this.
    await setTimeout(1_050);
    expect(await client.runs.get(run)).toMatchObject({ status: 'running', cancel_requested: false });
    await client.close();
    server.process.kill('SIGTERM');
    await server.said('ending runs now');
    await server.ended;
    expect(server.process.exitCode).toBe(0);
    expect(server.log.at(-1)).toMatchObject({ msg: 'stopped' });
    await untilNoneWith(mark());
  });
});
