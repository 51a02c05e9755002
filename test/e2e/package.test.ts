/** The single binary, in an empty folder, with nothing of ours on the PATH. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import manifest from '../../package.json' with { type: 'json' };
import { startDaemonProcess, type DaemonProcess } from '../support/daemon-process.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { startRedis } from '../support/redis.ts';
import { untilSeen } from '../support/until-seen.ts';
import { startStandalone, type Standalone } from '../support/standalone.ts';

const root = join(import.meta.dirname, '../..');
const binary = join(root, 'dist/bin/jobsched-linux-x64');
const PATH = '/usr/bin:/bin';

let folder: TemporaryFolder;
let standalone: Standalone;

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the single binary', () => {
  // Takes about 10 s, most of it for copying Node.
  beforeAll(async () => {
    const made = spawnSync(process.execPath, ['scripts/package.ts'], { cwd: root, encoding: 'utf8' });
    expect(made.stderr).toBe('');
    expect(made.status).toBe(0);
    folder = await temporaryFolder();
    standalone = await startStandalone({ folder: folder.path, program: [binary], env: { PATH } });
  }, 120_000);

  afterAll(async () => {
    await standalone?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });

  test('knows its version', async () => {
    expect(await jobsched('--version')).toBe(`${manifest.version}\n`);
  });

  test('submits, follows, lists, shows, and tells what was written', async () => {
    expect(await jobsched('submit', '--name', 'greeting', '--follow', '--', 'echo', 'hello')).toBe('hello\n');
    expect(await jobsched('logs', 'greeting')).toBe('hello\n');
    const list = JSON.parse(await jobsched('list', '-o', 'json')) as { jobs: { name: string; status: string }[] };
    expect(list.jobs).toMatchObject([{ name: 'greeting', status: 'succeeded' }]);
    const job = JSON.parse(await jobsched('get', 'greeting', '-o', 'json')) as { command: string };
    expect(job).toMatchObject({ name: 'greeting', command: 'echo hello', status: 'succeeded' });
  });

  test('draws a table, with a library that is loaded only then', async () => {
    expect(await jobsched('list', '--color', 'always')).toContain('greeting');
  });

  test('fires a schedule', async () => {
    await jobsched('submit', '--name', 'tick', '--cron', '* * * * * *', '--', 'echo', 'tock');
    const client = createClient({ server: standalone.url });
    await untilSeen(client, async () => {
      const { last_run: run } = await client.jobs.get('tick');
      return run?.status === 'succeeded' ? run : null;
    });
    await client.close();
    expect(await jobsched('logs', '--follow', 'tick')).toBe('tock\n');
  });

  test('has the page inside', async () => {
    const page = await (await fetch(standalone.url)).text();
    const script = /src="(?<path>app\.\w+\.js)"/u.exec(page)?.groups?.['path'] ?? '';
    const response = await fetch(new URL(script, standalone.url));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  test('ends cleanly, and keeps its data for the next start', async () => {
    expect(await standalone.end('SIGTERM')).toBe(0);
    standalone = await startStandalone({ folder: folder.path, program: [binary], env: { PATH } });
    expect(await jobsched('logs', 'greeting')).toBe('hello\n');
  });

  test('is server and worker on a Redis as well', async () => {
    await using redis = await startRedis();
    await using server = await daemon('serve', '--port', '0', '--redis-addr', `127.0.0.1:${redis.port}`);
    await using worker = await daemon('worker', '--name', 'w1', '--redis-addr', `127.0.0.1:${redis.port}`);
    const submit = ['submit', '--server', server.url, '--follow', '--', 'echo', 'hello'];
    expect(await jobsched(...submit)).toBe('hello\n');
    expect(await Promise.all([worker, server].map((each) => each.end('SIGTERM')))).toEqual([0, 0]);
  });
});

function daemon(...args: string[]): Promise<DaemonProcess> {
  return startDaemonProcess({ folder: folder.path, program: [binary], env: { PATH }, args });
}

/** Runs the binary as a client. @returns what it printed. */
async function jobsched(...args: string[]): Promise<string> {
  const env = { PATH, HOME: folder.path, JOBSCHED_SERVER: standalone.url };
  const { stdout } = await promisify(execFile)(binary, args, { cwd: folder.path, env });
  return stdout;
}
