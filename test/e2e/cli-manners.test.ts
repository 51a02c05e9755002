/** How the command line behaves to people, to programs, and in bad weather. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { breakOff, fakeServer, json, type FakeServer } from '../support/fake-server.ts';
import { runOnTerminal, runProgram, startProgram, type ProgramOptions, type Ran } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';
import { openTerminal } from '../support/terminal.ts';

const server = standaloneForFile();

/** A line without quotes. */
const jobsched = (line: string, options: ProgramOptions = {}): Promise<Ran> =>
  runProgram(line.split(' '), { server: server.url, ...options });

beforeAll(async () => {
  await server.client.jobs.createMany(
    Array.from({ length: 450 }, (_, index) => ({
      command: 'true',
      name: `row-${index}`,
      schedule: '@yearly',
      tags: ['rows'],
    })),
  );
});

describe('formats', () => {
  test('thousands come page by page, in each of them', async () => {
    const lines = (text: string): number => text.trimEnd().split('\n').length;
    const of = (format: string): Promise<string> =>
      jobsched(`list --tag rows --all -o ${format} --fields name,last_run`).then(({ stdout }) => stdout);
    expect(JSON.parse(await of('json'))).toMatchObject({ jobs: { length: 450 }, more: false });
    expect(lines(await of('jsonl'))).toBe(450);
    expect(lines(await of('id'))).toBe(450);
    expect(lines(await of('table'))).toBe(451);
    expect(await of('yaml')).toMatch(
      /^jobs:\n- name: row-449\n {2}last_run: null\n[^]*\n- name: row-0\n {2}last_run: null\nmore: false\n$/,
    );
  });

  test('none at all is still a list', async () => {
    expect((await jobsched('list --tag none -o json')).stdout).toBe('{\n  "jobs": [],\n  "more": false\n}\n');
    expect((await jobsched('list --tag none -o yaml')).stdout).toBe('jobs: []\nmore: false\n');
  });

  test('a field that there is not', async () => {
    const ran = await jobsched('list --limit 1 --fields nmae');
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain('Did you mean name?');
  });

  test('wide shows more', async () => {
    const { stdout } = await jobsched('list --limit 1 -o wide');
    expect(stdout).toMatch(/^NAME .* QUEUE +TAGS +ID +COMMAND\nrow-449 .* default +rows +[0-9a-f-]{36} +true\n$/);
  });
});

describe('--watch', () => {
  test('into a pipe: what changed, a line each', async () => {
    const { process: child, ended } = startProgram('list --tag watched --watch --fields name,status'.split(' '), {
      server: server.url,
    });
    const made = { command: 'true', name: 'watched', schedule: '@yearly', tags: ['watched'] };
    await server.client.jobs.create(made);
    if (child.stdout) await once(child.stdout, 'data');
    await server.client.jobs.pause('watched');
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const lines = ['{"name":"watched","status":"scheduled"}\n', '{"name":"watched","status":"paused"}\n'];
    expect(await ended).toEqual({ stdout: lines.join(''), stderr: '', code: 130 });
  });

  test('on a terminal: a screen of its own, and what was there comes back', async () => {
    const ran = await runOnTerminal('list --tag rows --watch --no-color'.split(' '), {
      server: server.url,
      typed: [[/row-449/, '\u0003']],
    });
    expect(ran.code).toBe(130);
    const screen =
      // oxlint-disable-next-line no-control-regex -- what draws the screen is what this looks for
      /^\u001b\[\?1049h\u001b\[\?25l\u001b\[\?7l\u001b\[HNAME [^]*\u001b\[\?7h\u001b\[\?25h\u001b\[\?1049lNAME /;
    expect(ran.stdout).toMatch(screen);
  });

  /** A list of one, of a server that can be away. */
  const comingAndGoing = async (): Promise<FakeServer & { isAway: boolean }> => {
    const job = { id: '0', status: 'scheduled' };
    const fake = await fakeServer((response, request) =>
      server.isAway ? breakOff(response, request) : json({ jobs: [job], next_cursor: null })(response, request),
    );
    const server = Object.assign(fake, { isAway: false });
    return server;
  };

  test('a server that is away is waited for, and Ctrl-C ends that', async () => {
    await using going = await comingAndGoing();
    const { process: child, ended } = startProgram('list --watch --fields id,status'.split(' '), { server: going.url });
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('no pipes');
    await once(stdout, 'data');
    for (const isAway of [true, false, true]) {
      going.isAway = isAway;
      await once(stderr, 'data');
    }
    child.kill('SIGINT');
    const away = `cannot reach the server at ${going.url}: the connection was lost (UND_ERR_SOCKET) · asking again until it is back\n`;
    expect(await ended).toEqual({
      stdout: '{"id":"0","status":"scheduled"}\n',
      stderr: `${away}the server is back\n${away}`,
      code: 130,
    });
  });

  test('a screen says that it is old, and is left so', async () => {
    await using going = await comingAndGoing();
    await using terminal = await openTerminal('list --watch --fields id,status --no-color'.split(' '), {
      server: going.url,
    });
    await terminal.seen(/\[HID/);
    going.isAway = true;
    await terminal.seen(/\[Hold by \w+: cannot reach the server [^]*\nID/);
    terminal.type('\u0003');
    const { text, code } = await terminal.ended();
    expect(code).toBe(130);
    expect(text).toMatch(/1049lold by [^]*\n0 +scheduled\n$/);
  });
});

test('workers, queues, numbers, settings, the page', async () => {
  expect((await jobsched('workers')).stdout).toMatch(/^NAME +STATE .*\n\S+ +active +\d+ of \d+ +default, host:/);
  expect((await jobsched('queues pause default')).stdout).toBe('paused default · 0 wait\n');
  expect((await jobsched('queues')).stdout).toMatch(/\ndefault +0 +0 +1 +paused\n/);
  expect((await jobsched('queues resume default')).stdout).toBe('resumed default\n');
  expect((await jobsched('queues limit default 64')).stdout).toBe('default runs 64 at once\n');
  expect((await jobsched('queues limit default none')).stdout).toBe('default runs any number at once\n');
  expect(await jobsched('queues limit default many')).toMatchObject({ code: 2, stdout: '' });
  expect((await jobsched('stats')).stdout).toMatch(/^ {2}jobs +0 once, 45\d scheduled/);
  expect((await jobsched('config worker')).stdout).toMatch(/^SETTING +VALUE +FROM\nconcurrency +\d+ +default\n/);
  const secret = await jobsched('config', { env: { JOBSCHED_REDIS_PASS: 'hunter2' } });
  expect(secret.stdout).toMatch(/\nredis-pass +\(secret\) +environment\n/);
  expect((await jobsched('open row-1')).stdout).toBe(`${server.url}/jobs/row-1\n`);
  expect((await jobsched('--server localhost:1 workers drain x')).code).toBe(5);
  const drained = await jobsched('workers drain nobody');
  expect(drained).toMatchObject({ code: 3, stdout: '' });
  expect(drained.stderr).toMatch(/ jobsched workers lists them\.\n$/);
});

describe('schedules', () => {
  test('next: words and times, and what is no schedule', async () => {
    const next = (...args: readonly string[]): Promise<Ran> => runProgram(['next', ...args], { server: server.url });
    expect((await next('0 2 * * 1-5', '--tz', 'Europe/Berlin', '-n', '2')).stdout).toMatch(
      /^At 02:00, .* \(Europe\/Berlin\)\n( {2}\w{3} \d{4}-\d\d-\d\d 02:00 \+0[12]:00 {3}in .*\n){2}$/,
    );
    expect(await next('61 * * * *')).toMatchObject({ code: 2, stdout: '' });
    expect((await next('0 0 0 1 1 * 2030')).stderr).toContain('use --starts-at and --ends-at.');
    await server.client.jobs.create({ name: 'tick', command: 'true', schedule: '@yearly' });
    expect((await next('tick')).stderr).toMatch(/\n {2}It is a job\. When that comes: \S.* get tick\n$/);
  });
});

describe('bad weather', () => {
  test('no server: which address, who named it, what to do', async () => {
    const named = await jobsched('list', { server: 'http://127.0.0.1:1' });
    expect(named.stderr).toMatch(
      /127\.0\.0\.1:1: nothing listens there .*\n {2}It is named by JOBSCHED_SERVER\.\n {2}Start one/,
    );
    expect(named.stderr).not.toMatch(/\n +at /);
    const debug = await jobsched('list --debug', { server: 'http://127.0.0.1:1' });
    expect(debug.stderr).toMatch(/\n +at /);
  });

  test('a server of another version: it is said', async () => {
    const stats = { version: '0.0.1' };
    await using old = await fakeServer((response, request) =>
      request.url === '/api/stats'
        ? json(stats)(response, request)
        : json({ code: 'invalid_request', detail: 'there is no parameter tag' }, 400)(response, request),
    );
    const ran = await jobsched('list', { server: old.url });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(/^error: there is no parameter tag\n {2}The server is jobsched 0\.0\.1, this command /);
  });

  test('no key: how to give one', async () => {
    await using closed = await fakeServer(json({ code: 'unauthorized', detail: 'a key is needed' }, 401));
    const ran = await jobsched('list', { server: closed.url });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/JOBSCHED_KEY/);
  });

  test('an engine that is away: nobody is told to start a server of his own', async () => {
    const problem = {
      code: 'engine_unavailable',
      detail: 'Redis is away.',
      hint: 'Start it, or `jobsched standalone`.',
    };
    await using without = await fakeServer(json(problem, 503));
    const ran = await jobsched('list', { server: without.url });
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/^error: Redis is away\.\n {2}It is the engine of the server: /);
    expect(ran.stderr).not.toMatch(/standalone|npm start/);
  });

  test('nothing fits on the disk, and a slow reader gets all', async () => {
    const shell = (line: string): Promise<{ stdout: string; stderr: string }> =>
      promisify(execFile)('/bin/bash', ['--norc', '-c', line], {
        env: { JOBSCHED_SERVER: server.url, PATH: process.env['PATH'] },
      });
    const program = `"${process.execPath}" bin/jobsched.js`;
    const full = await shell(`${program} list > /dev/full; echo $?`);
    expect(full).toEqual({ stdout: '1\n', stderr: 'error: the output cannot be written (ENOSPC)\n' });
    const slow = await shell(`${program} list --all --tag rows -o json | (read -r first; exec wc -l)`);
    expect(Number(slow.stdout)).toBeGreaterThan(20_000);
  });
});
