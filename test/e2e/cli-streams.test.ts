/** What every command does where its output cannot go: a reader that has left, a full disk, a window that is closed. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { shellQuote } from '../../src/shell-quote.ts';
import { fakeServer, json } from '../support/fake-server.ts';
import { temporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { PROGRAM, programEnvironment, runOnTerminal, runProgram } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';
import { openTerminal } from '../support/terminal.ts';
import { untilSeen } from '../support/until-seen.ts';

const server = standaloneForFile();

beforeAll(async () => {
  await server.client.jobs.create({ name: 'talks', command: 'echo out; echo err >&2', schedule: '@yearly' });
  await server.client.jobs.run('talks');
  await untilSeen(server.client, async () =>
    (await server.client.runs.get('talks#1')).status === 'succeeded' ? true : null,
  );
});

/** Those that write in different ways; with full counts, all that print. */
const SOME = [
  'list',
  'get talks#1 -o yaml',
  'logs talks',
  'wait talks#1 -o json',
  'top',
  'export',
  'backup -',
  'validate JOBS',
  'service install worker --print',
  'help',
];
const OTHERS = [
  'list -o json',
  'get talks',
  'runs',
  'logs -f talks',
  'submit --dry-run true',
  'next @daily',
  'edit talks --priority 1',
  'workers',
  'queues',
  'stats',
  'key list -o json',
  'context -o json',
  'config',
  'doctor',
  'open --print',
  'diff -f JOBS',
  'completion bash',
  'version',
  'help exit-codes',
  'list --help',
];

describe('output that cannot be written', () => {
  test.each([...SOME, ...(long ? OTHERS : [])])('%s', async (line) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'JOBS'), 'other:\n  command: "true"\n');
    const program = shellQuote([process.execPath, PROGRAM, ...line.split(' ')]);
    // `cat` fails at once, and its pipe has no reader from then on.
    const script = `exec 3>&1; set -o pipefail
      { ${program} 2>left; echo $? >code; } | exec 3>&- cat /nowhere 2>/dev/null
      ${program} >/dev/full 2>full; echo $? >&3`;
    const { stdout } = await promisify(execFile)('/bin/bash', ['--norc', '-c', script], {
      cwd: folder.path,
      env: { ...programEnvironment({ server: server.url }), HOME: folder.path },
    });
    const shown = await promisify(execFile)('cat', ['left', 'full'], { cwd: folder.path });
    expect(stdout).toBe('1\n');
    expect(shown.stdout.replace('err\n', '')).toContain('error: the output cannot be written (ENOSPC)\n');
    expect(shown.stdout).not.toMatch(/EPIPE|\n +at /);
  });
});

test('a window that is closed while a run is followed: the run goes on', async () => {
  await server.client.jobs.create({ name: 'goes-on', command: 'echo begun; sleep 60' });
  await using terminal = await openTerminal(['logs', '-f', 'goes-on'], { server: server.url });
  await terminal.seen(/begun/);
  await terminal.hangUp();
  expect(await server.client.runs.get('goes-on#1')).toMatchObject({ status: 'running' });
  await server.client.jobs.delete('goes-on', { force: true });
});

test('--no-input: nobody is asked on a terminal either', async () => {
  const ran = await runOnTerminal(['delete', '--all', '--no-input'], { server: server.url });
  expect(ran.code).toBe(2);
  expect(ran.stdout).toMatch(/error: this would delete 1 job, and nobody can be asked\n {2}Say so with --yes\.\n$/);
  expect((await runOnTerminal(['edit', 'talks', '--no-input'], { server: server.url })).stdout).toMatch(
    /what is to change/,
  );
});

test('an empty list teaches no command that the server would refuse', async () => {
  const none = json({ jobs: [], next_cursor: null });
  await using shows = await fakeServer(none, json({ read_only: true }));
  expect((await runOnTerminal(['list'], { server: shows.url })).stdout).toBe('no jobs yet\n');
  await using takes = await fakeServer(none, json({ read_only: false }));
  expect((await runOnTerminal(['list'], { server: takes.url })).stdout).toContain('no jobs yet · try: ');
});

test('delete asks nothing about a job that is not there', async () => {
  const ran = await runOnTerminal(['delete', 'nobody'], { server: server.url });
  expect(ran.code).toBe(3);
  expect(ran.stdout).not.toContain('[y/N]');
});

test('an address with a path at which there is no API', async () => {
  const ran = await runProgram(['list'], { server: `${server.url}/foo` });
  expect(ran).toMatchObject({ stdout: '', code: 5 });
  expect(ran.stderr).toMatch(
    /^error: what answers at .*\/foo has no jobsched API there\n(?:.*\n)* {2}Try --server http:/,
  );
});

test('a time that has passed is told before anything is made', async () => {
  const ran = await runProgram(['submit', '--at', '2020-01-01 10:00', '--dry-run', 'date'], { server: server.url });
  expect(ran.stdout).toMatch(/\n {2}2020-01-01 10:00:00 has passed: runs at once\n$/);
});

test('what is wrong with a server is told without a stack, and with one to who asks', async () => {
  const unreachable = 'http://127.0.0.1:1';
  expect((await runProgram(['list'], { server: unreachable })).stderr).not.toMatch(/\n +at /);
  expect((await runProgram(['list', '--debug'], { server: unreachable })).stderr).toMatch(/\n +at /);
});
