/** Who is let in, by the real program: the machine's users, keys from the command line, and two servers on one Redis. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram, type Ran } from '../support/program.ts';
import { openSite } from '../support/site.ts';
import { startStandalone, type Standalone } from '../support/standalone.ts';

const OTHER_USER = fileURLToPath(new URL('../support/fixture-other-user.ts', import.meta.url));
const isRoot = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Standalone;
beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startStandalone({ folder: folder.path });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder.remove();
});

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runProgram(args, { server: server.url, cwd: folder.path, env });

/** The first line that it prints, as another user. */
async function asOther(...words: readonly string[]): Promise<{ readonly line: string; readonly end: () => void }> {
  const child = spawn(process.execPath, [OTHER_USER, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { line, end: () => void child.kill('SIGKILL') };
}

const port = (): string => new URL(server.url).port;

describe.runIf(isRoot)('another user of the machine', () => {
  it.each(['127.0.0.1', '[::1]'])('is refused over %s, and the own user is not', async (address) => {
    const url = `http://${address}:${port()}/api/jobs`;
    expect((await asOther(url)).line).toBe('403 local_user_only');
    expect((await fetch(url)).status).toBe(200);
  });

  it('is who asks through a tunnel of his, whoever is behind it; through one of ours we are', async () => {
    const [his, ours] = await Promise.all([asOther(server.url, 'forward'), asOther(server.url, 'forward', '0')]);
    try {
      const through = async (at: string): Promise<number> => (await fetch(`http://127.0.0.1:${at}/api/jobs`)).status;
      expect(await through(his.line)).toBe(403);
      expect(await through(ours.line)).toBe(200);
    } finally {
      his.end();
      ours.end();
    }
  });
});

describe('jobsched key', () => {
  it('makes the first one without a key, and prints it alone', async () => {
    expect(await run(['key', 'create', '--name', 'ci'])).toMatchObject({ code: 2 });
    const made = await run(['key', 'create', '--name', 'me', '--role', 'admin', '--expires', '90d']);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^jsk_[\w-]{43}\n$/);
    const admin = { JOBSCHED_KEY: made.stdout.trim() };
    const { stdout } = await run(['key', 'list', '-o', 'json'], admin);
    expect(JSON.parse(stdout)).toMatchObject({ keys: [{ name: 'me', role: 'admin', expired: false }] });
    expect(stdout).not.toContain(made.stdout.trim());
    expect((await run(['key', 'list'], admin)).stdout).toMatch(/^NAME +ROLE .*\nme +admin /);
    expect(await run(['key', 'list'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('--key-file') as string,
    });
    // What a command could ask for: it is our user, too.
    const ask = `fetch('${server.url}/api/keys', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"mine","role":"admin"}' }).then(async (r) => console.log(r.status, (await r.json()).code))`;
    const asked = await run(['submit', '--follow', '--', process.execPath, '-e', ask]);
    expect(asked).toMatchObject({ code: 0, stdout: '403 forbidden\n' });
    expect(await run(['key', 'create', 'ci'], admin)).toMatchObject({ code: 0 });
    expect(await run(['key', 'create', '--name', 'ci'], admin)).toMatchObject({ code: 6 });
    expect(await run(['key', 'revoke', 'ci'], admin)).toMatchObject({ code: 0, stdout: 'revoked ci\n' });
    expect(await run(['key', 'revoke', 'ci'], admin)).toMatchObject({ code: 3 });
    expect(await run(['key', 'revoke', 'me'], admin)).toMatchObject({ code: 0 });
  });

  it('is told what is wrong before any server is', async () => {
    for (const words of [
      ['revoke'],
      ['create'],
      ['create', 'x', '--name', 'x'],
      ['list', 'x'],
      ['forge'],
      ['create', '--name', 'x', '--expires', 'y'],
    ]) {
      expect((await run(['key', ...words])).code).toBe(2);
    }
  });
});

describe('a server that wants keys', () => {
  it('is asked with one from a file or a variable, and says how without; the key is seen nowhere', async () => {
    const data = join(folder.path, 'keyed');
    const flags = ['--auth', 'keys', '--data-dir', data, '--log-level', 'debug'];
    await using keyed = await startStandalone({ folder: folder.path, flags });
    const ask = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
      runProgram(args, { server: keyed.url, cwd: folder.path, env });
    const key = (await ask(['key', 'create', '--name', 'boss', '--role', 'admin'])).stdout.trim();
    const file = join(folder.path, 'boss.key');
    await writeFile(file, `${key}\n`);
    const refused = await ask(['list']);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('--key-file');
    expect(await ask(['list'], { JOBSCHED_KEY: `jsk_${'A'.repeat(43)}` })).toMatchObject({ code: 4 });
    expect(await ask(['list'], { JOBSCHED_KEY: 'hunter2' })).toMatchObject({ code: 2 });
    for (const [args, env] of [
      [['list', '--key-file', file], {}],
      [['list'], { JOBSCHED_KEY: key }],
      [['list'], { JOBSCHED_KEY_FILE: file }],
    ] as const) {
      expect((await ask(args, env)).code).toBe(0);
    }
    const config = join(folder.path, 'config');
    await mkdir(join(config, 'jobsched'), { recursive: true });
    await writeFile(join(config, 'jobsched/config.yaml'), `key_file: ${file}\n`);
    expect((await ask(['list'], { XDG_CONFIG_HOME: config })).code).toBe(0);

    // What a command sees of its surroundings and of the worker's own process.
    const look = `env; tr '\\0' '\\n' < /proc/$PPID/environ; tr '\\0' ' ' < /proc/$PPID/cmdline; ps axww`;
    const seen = await ask(['submit', '--follow', '--', look], { JOBSCHED_KEY: key });
    expect(seen.code).toBe(0);
    const metrics = await (await fetch(`${keyed.url}/metrics`, { headers: { authorization: `Bearer ${key}` } })).text();
    const stored = await readFile(join(data, 'jobsched.db'), 'latin1');
    const wal = await readFile(join(data, 'jobsched.db-wal'), 'latin1').catch(() => '');
    for (const text of [seen.stdout, JSON.stringify(keyed.log), metrics, stored, wal]) expect(text).not.toContain(key);
  });

  it('is started beyond loopback only when there is a key, and has it after a restart', async () => {
    const data = join(folder.path, 'wide');
    const wide = ['--host', '0.0.0.0', '--data-dir', data];
    const refused = await runProgram(['standalone', '--port', '0', ...wide], { cwd: folder.path });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('jobsched key create') as string });
    const near = await startStandalone({ folder: folder.path, flags: ['--data-dir', data] });
    const made = await runProgram(['key', 'create', '--name', 'far', '--role', 'admin'], {
      server: near.url,
      cwd: folder.path,
    });
    await near.end('SIGTERM');
    await using far = await startStandalone({ folder: folder.path, flags: wide });
    const client = createClient({ server: far.url.replace('0.0.0.0', '127.0.0.1'), key: made.stdout.trim() });
    expect(await client.whoami()).toMatchObject({ name: 'far', role: 'admin', kind: 'key' });
    await client.close();
  });
});

describe('two servers on one Redis', () => {
  it('share keys, sessions and the audit log, and a revocation', async () => {
    await using site = await openSite();
    const [one, other] = await Promise.all([site.serve('--auth', 'keys'), site.serve('--auth', 'keys')]);
    const first = await site.clientOf(one).keys.create({ name: 'boss', role: 'admin' });
    const boss = createClient({ server: other.url, key: first.key });
    const made = await boss.keys.create({ name: 'ci' });
    const client: Client = createClient({ server: one.url, key: made.key });
    const job = await client.jobs.create({ command: 'true' });
    const login = await fetch(`${one.url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key: made.key }),
    });
    const [cookie = ''] = String(login.headers.get('set-cookie')).split(';');
    // As a browser would have it behind a proxy, where both are one.
    const page = async (url: string): Promise<number> => {
      const own = cookie.replace(/-\d+=/, `-${new URL(url).port}=`);
      return (await fetch(`${url}/api/jobs`, { headers: { cookie: own } })).status;
    };
    expect([await page(one.url), await page(other.url)]).toEqual([200, 200]);
    await boss.keys.revoke('ci');
    expect(await page(other.url)).toBe(401);
    // The one that did not hear of it knows within seconds.
    while ((await page(one.url)) !== 401) await new Promise(setImmediate);
    const entries = await Array.fromAsync(boss.audit());
    // Each server writes its own.
    expect(entries.map(({ who, action }) => `${who} ${action}`).toSorted()).toEqual([
      'boss key.create',
      'boss key.revoke',
      'ci job.create',
      'ci login',
      'local key.create',
    ]);
    expect(entries.find(({ action }) => action === 'job.create')?.target).toBe(job.id);
    await Promise.all([boss.close(), client.close()]);
  });
});
