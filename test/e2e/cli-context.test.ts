/** Several servers by name: which one is asked, and which key it is shown. */
import { chmod, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeServer, json, type FakeServer } from '../support/fake-server.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { runProgram, type ProgramOptions, type Ran } from '../support/program.ts';

let folder: TemporaryFolder;
let prod: FakeServer;
let other: FakeServer;
beforeAll(async () => {
  const none = json({ jobs: [], next_cursor: null });
  [folder, prod, other] = await Promise.all([temporaryFolder(), fakeServer(none), fakeServer(none)]);
  await writeFile(join(folder.path, 'key'), 'jsk_file\n', { mode: 0o600 });
});
afterAll(() => Promise.all([folder, prod, other].map((each) => each[Symbol.asyncDispose]())));

/** A line without quotes. */
const jobsched = (line: string, options: ProgramOptions = {}): Promise<Ran> =>
  runProgram(line.split(' '), { cwd: folder.path, ...options, env: { XDG_CONFIG_HOME: folder.path, ...options.env } });

/** @returns which of the two was asked, and with what key. */
async function asked(line: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const before = [prod.seen.length, other.seen.length];
  const { code, stderr } = await jobsched(line, { env });
  if (code !== 0) return stderr;
  const requests = [...prod.seen.slice(before[0]), ...other.seen.slice(before[1])];
  const name = prod.seen.length > (before[0] ?? 0) ? 'prod' : 'other';
  return `${name} ${requests.map(({ headers }) => headers.authorization ?? 'no key').join()}`;
}

/** Each starts many processes, one after the other. */
describe('several servers', { timeout: 90_000 }, () => {
  test('which server, and which key', async () => {
    expect((await jobsched(`context add prod --server ${prod.url} --key-stdin`, { stdin: 'jsk_prod\n' })).stdout).toBe(
      `added: prod · ${prod.url}/\n`,
    );
    await jobsched(`context add other --server ${other.url} --key-file key`);
    const file = join(folder.path, 'jobsched/contexts.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    expect(await asked('--context prod list')).toBe('prod Bearer jsk_prod');
    expect(await asked('list --context other')).toBe('other Bearer jsk_file');
    expect((await jobsched('context use prod')).stdout).toBe(`in use: prod · ${prod.url}/\n`);
    expect(await asked('list')).toBe('prod Bearer jsk_prod');
    expect(await asked('list', { JOBSCHED_CONTEXT: 'other' })).toBe('other Bearer jsk_file');
  });

  test('what was typed comes before what was exported, and no server is shown the key of another', async () => {
    const exported = { JOBSCHED_SERVER: other.url, JOBSCHED_KEY: 'jsk_exported' };
    expect(await asked('list', exported)).toBe('other Bearer jsk_exported');
    expect(await asked('list --context prod', exported)).toBe('prod Bearer jsk_prod');
    expect(await asked(`list --server ${prod.url}`, exported)).toBe('prod no key');
    expect(await asked(`list --server ${prod.url}`)).toBe('prod no key');
    expect(await asked(`list --server ${prod.url}`, { JOBSCHED_KEY: 'jsk_alone' })).toBe('prod Bearer jsk_alone');
    expect(await asked('list --context prod --key-file key')).toBe('prod Bearer jsk_file');
    expect((await jobsched('context use prod', { env: exported })).stderr).toMatch(
      /^note: here JOBSCHED_SERVER comes first/,
    );
  });

  test('a key beside a server in a file is for that one', async () => {
    await writeFile(join(folder.path, 'jobsched/config.yaml'), `server: ${other.url}\nkey_file: key\n`);
    expect(await asked('list --context default')).toBe('other Bearer jsk_file');
    expect(await asked(`list --server ${prod.url}`)).toBe('prod no key');
    await rm(join(folder.path, 'jobsched/config.yaml'));
  });

  test('the file of the working folder names a server, and sends no key to it', async () => {
    await writeFile(join(folder.path, 'jobsched.yaml'), `server: ${other.url}\nkey_file: key\n`);
    expect(await asked('list')).toBe('other no key');
    expect(await asked('list', { JOBSCHED_KEY: 'jsk_exported' })).toBe('other no key');
    expect(await asked('list --key-file key')).toBe('other Bearer jsk_file');
    await writeFile(join(folder.path, 'jobsched.yaml'), '');
  });

  test('the list shows no key, and says which is in use', async () => {
    const { stdout, stderr } = await jobsched('context', { server: other.url });
    expect(stderr).toBe('note: here JOBSCHED_SERVER comes first\n');
    expect(stdout).toMatch(/^ +NAME +SERVER +KEY\n {3}other .*\/key\n\* {2}prod .* here\n$/);
    const { contexts } = JSON.parse((await jobsched('context list --json')).stdout) as { contexts: readonly object[] };
    expect(contexts[1]).toEqual({ name: 'prod', server: `${prod.url}/`, key: 'here', key_problem: null, in_use: true });
  });

  test('a key file that others can read, and one that is gone: the list works, and marks it', async () => {
    const file = join(folder.path, 'other.key');
    await writeFile(file, 'jsk_file\n');
    await chmod(file, 0o604);
    const warning = `warning: others on this machine can read the key in ${file}\n  chmod 600 ${file}\n`;
    expect(await jobsched(`context add open --server ${prod.url} --key-file ${file}`)).toMatchObject({
      stderr: warning,
      code: 0,
    });
    expect((await jobsched('list --context open -o id')).stderr).toBe(warning);
    expect((await jobsched('context')).stdout).toContain('/other.key (readable by others)\n');
    await rm(file);
    const { stdout, code } = await jobsched('context', { env: { JOBSCHED_CONTEXT: 'open' } });
    expect(code).toBe(0);
    expect(stdout).toContain('/other.key (not there)\n');
    expect((await jobsched('config', { env: { JOBSCHED_CONTEXT: 'open' } })).code).toBe(0);
    expect((await jobsched('list --context open')).code).toBe(2);
    await jobsched('context remove open');
  });

  test('what is refused', async () => {
    const refused = async (line: string, options: ProgramOptions = {}): Promise<string> => {
      const { code, stdout, stderr } = await jobsched(line, options);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      return stderr;
    };
    expect(await refused('list --context prd')).toBe(
      'error: no context is called prd (--context)\n  There are: prod, other\n',
    );
    expect(await refused('list --context prod --server localhost')).toContain('exclude each other');
    expect(await refused(`context add prod --server ${prod.url}`)).toContain('--replace');
    expect(await refused('context add default --server localhost')).toContain('no name');
    expect(await refused('context add x --server ftp://x')).toContain('--server is not the URL of a server');
    expect(await refused('context add x --server localhost --key-stdin', { stdin: 'secret' })).not.toContain('secret');
  });

  test('401: whose key it is that is not taken, and how to give another', async () => {
    await using closed = await fakeServer(json({ code: 'unauthorized', detail: 'a key is needed' }, 401));
    await jobsched(`context add closed --server ${closed.url}`);
    const without = await jobsched('list --context closed');
    expect(without.code).toBe(4);
    expect(without.stderr).toMatch(
      /^error: a key is needed\n {2}Give the context closed one: npx jobsched context add closed /,
    );
    const wrong = await jobsched('get a b --context closed --key-file key');
    expect(wrong).toMatchObject({ code: 4, stdout: '' });
    expect(wrong.stderr).toMatch(/^error: a key is needed\n {2}It does not take the key of --key-file: revoked, /);
    const exported = { JOBSCHED_SERVER: prod.url, JOBSCHED_KEY: 'jsk_exported' };
    expect((await jobsched(`list --server ${closed.url}`, { env: exported })).stderr).toMatch(
      /\n {2}The key of JOBSCHED_KEY is another server's, so it was not sent\.\n/,
    );
    expect((await jobsched('context test closed')).code).toBe(4);
  });

  test('forgotten, and broken', async () => {
    expect((await jobsched('context remove prod closed')).stdout).toBe('removed prod, closed; none is in use now\n');
    expect((await jobsched('context -o id')).stdout).toBe('other\n');
    await writeFile(join(folder.path, 'jobsched/contexts.json'), '{"contexts": 1');
    const broken = await jobsched('list');
    expect(broken).toMatchObject({ code: 2, stdout: '' });
    expect(broken.stderr).toMatch(/contexts\.json holds no contexts\n/);
    const open = { contexts: { a: { server: prod.url, key: 'jsk_a' } } };
    await writeFile(join(folder.path, 'jobsched/contexts.json'), JSON.stringify(open));
    await chmod(join(folder.path, 'jobsched/contexts.json'), 0o644);
    expect((await jobsched('list --context a')).stderr).toMatch(/ {2}chmod 600 .*contexts\.json\n$/);
  });
});
