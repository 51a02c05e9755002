/** The client commands, run as processes against a real standalone. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import type { JobView, RunDetail } from '../../src/client/client.ts';
import { breakOff, fakeServer, json, stream, type FakeServer } from '../support/fake-server.ts';
import { runOnTerminal, runProgram, startProgram, type ProgramOptions, type Ran } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();

const jobsched = (args: readonly string[], options: ProgramOptions = {}): Promise<Ran> =>
  runProgram(args, { server: server.url, ...options });

/** The arguments of a line without quotes. */
const words = (line: string): string[] => line.split(' ');

describe('submit', () => {
  test('a schedule: what was made, and when it comes', async () => {
    const ran = await jobsched(['submit', 'date', '--name', 'tick', '--cron', '0 0 1 1 *', '--tz', 'Europe/Berlin']);
    expect(ran).toMatchObject({ stderr: '', code: 0 });
    expect(ran.stdout).toMatch(/^created tick · .+ · next 20\d\d-01-01 00:00:00 \(in \d+[hd].*\)\n$/);
  });

  test('once: what is in its way', async () => {
    const ran = await jobsched(words('submit true --name pinned --host nobody'));
    expect(ran).toEqual({
      stdout: 'created pinned · waits: no worker serves queue host:nobody\n',
      stderr: '',
      code: 0,
    });
    expect((await jobsched(words('submit true --name free'))).stdout).toBe('created free · runs now\n');
  });

  test('once: it runs, and -o json is what the API says', async () => {
    const { stdout, code } = await jobsched(words('submit true --json'));
    const job = JSON.parse(stdout) as JobView;
    expect(code).toBe(0);
    expect(job).toMatchObject({ command: 'true', type: 'once' });
    const id = await jobsched(words('submit true -o id'));
    expect(id.stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  });

  test('words after -- reach the command as they were typed', async () => {
    const args = ['two words', "it's", '*', '$HOME', 'a"b', '--flag', ''];
    const ran = await jobsched(['submit', '--follow', '--', 'printf', '[%s]\n', ...args]);
    expect(ran.stdout).toBe(args.map((word) => `[${word}]\n`).join(''));
    expect(ran.code).toBe(0);
  });

  test('every flag reaches its field', async () => {
    const line =
      'submit date --name full --cron @daily --tz Asia/Tokyo --queue gpu --priority -7 --timeout 1h30m --retries 2 ' +
      '--retry-delay 5s --env A=1=2 --env B= --cwd /tmp --shell /bin/bash --stdin hi --tag a,b --tag c --overlap queue ' +
      '--misfire skip --description what -o json';
    expect(JSON.parse((await jobsched(words(line))).stdout)).toMatchObject({
      name: 'full',
      schedule: '@daily',
      timezone: 'Asia/Tokyo',
      queue: 'gpu',
      priority: -7,
      timeout_seconds: 5_400,
      retries: 2,
      retry_delay_seconds: 5,
      env: { A: '1=2', B: '' },
      cwd: '/tmp',
      shell: '/bin/bash',
      stdin: 'hi',
      tags: ['a', 'b', 'c'],
      overlap: 'queue',
      misfire: 'skip',
      description: 'what',
    });
  });

  test('--stdin - takes ours', async () => {
    const ran = await jobsched(words('submit --follow --stdin - cat'), { stdin: 'from a pipe\n' });
    expect(ran.stdout).toBe('from a pipe\n');
  });

  test('--at in the past is told', async () => {
    const { stdout } = await jobsched(['submit', 'true', '--at', '2020-01-01 10:00']);
    expect(stdout).toMatch(/ · runs now \(2020-01-01 10:00:00 has passed\)\n$/);
  });

  test('--at is when it runs', async () => {
    const { stdout } = await jobsched(['submit', 'date', '--at', '2031-06-01 12:00', '-o', 'json']);
    expect((JSON.parse(stdout) as JobView).run_at).toBe('2031-06-01T10:00:00.000Z');
  });
});

describe('submit --follow', () => {
  test('stdout and stderr stay apart, and a failure is told', async () => {
    const ran = await jobsched(['submit', '--follow', '--name', 'etl', 'echo out; echo err >&2; exit 3']);
    expect(ran.stdout).toBe('out\n');
    expect(ran.stderr).toMatch(/^err\n✗ etl#1 failed: exit 3 after \S+ on \S+ · \S.* logs etl#1\n$/);
    expect(ran.code).toBe(3);
  });

  test.each([
    ['exit 0', 0],
    ['kill -9 $$', 137],
    ['kill -15 $$', 143],
    ['exit 255', 255],
  ])('%s exits with %d', async (command, code) => {
    const ran = await jobsched(['submit', '--wait', command]);
    expect(ran.code).toBe(code);
    // It wrote nothing that there were to read.
    expect(ran.stderr).not.toContain(' logs ');
  });

  test('bytes are the command’s own', async () => {
    const { process: child, ended } = startProgram(['submit', '--follow', "printf '\\377\\000\\033[31m\\r'"], {
      server: server.url,
    });
    const bytes: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => bytes.push(chunk));
    await ended;
    expect(Buffer.concat(bytes)).toEqual(Buffer.from('\xff\0\u001b[31m\r', 'latin1'));
  });

  test('--wait shows nothing but what -o asks for', async () => {
    const ran = await jobsched(['submit', '--wait', '--json', 'echo unseen']);
    expect(JSON.parse(ran.stdout) as RunDetail).toMatchObject({ status: 'succeeded', number: 1, output_bytes: 7 });
    expect(ran.stderr).toBe('');
  });

  test('our own trouble is 125, so that it is not taken for the command’s', async () => {
    const ran = await jobsched(['submit', '--follow', 'true', '--tz', 'Mars/Base', '--at', '+1s', '--queue', '!']);
    expect(ran.code).toBe(125);
    expect(ran.stderr).toContain('error: ');
  });

  test('Ctrl-C lets go: the run goes on', async () => {
    const { process: child, ended } = startProgram(
      ['submit', '--follow', '--name', 'stubborn', 'echo begun; sleep 60'],
      { server: server.url },
    );
    if (child.stdout) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const ran = await ended;
    expect(ran.code).toBe(130);
    expect(ran.stderr).toMatch(/^\ndetached; stubborn#1 goes on · \S.* logs -f stubborn#1 · \S.* cancel stubborn#1\n$/);
    expect((await server.client.runs.get('stubborn#1')).status).toBe('running');

    const cancel = await jobsched(words('cancel stubborn'));
    expect(cancel.stdout).toMatch(/^cancelling stubborn#1 · \S+ has been asked to end it\n$/);
    const logs = await jobsched(words('logs -f stubborn#1'));
    expect(logs.stdout).toBe('begun\n');
    expect(logs.stderr).toMatch(/^⊘ stubborn#1 cancelled: on request after /);
    expect(logs.code).toBe(0);
  });
});

describe('list', () => {
  test('a table for people, ids for scripts, the API’s objects for programs', async () => {
    await server.client.jobs.create({ command: 'true', name: 'shown', tags: ['listed'], schedule: '@yearly' });
    const [table, ids, json] = await Promise.all(
      ['list --tag listed', 'list --tag listed -o id', 'list --tag listed --json'].map((line) => jobsched(words(line))),
    );
    expect(table?.stdout).toMatch(
      /^NAME +SCHEDULE +NEXT +LAST +STATE +COMMAND\nshown +\S.* +in \d.* +scheduled +true\n$/,
    );
    const { jobs, more } = JSON.parse(json?.stdout ?? '') as { jobs: JobView[]; more: boolean };
    expect(jobs.map(({ id }) => `${id}\n`).join('')).toBe(ids?.stdout);
    expect(more).toBe(false);
  });

  test('a pipe gets a table that one long command does not blow up; -o json is whole', async () => {
    const command = `echo ${'x'.repeat(200)}`;
    await server.client.jobs.create({ command, name: `n${'a'.repeat(59)}`, tags: ['long'], schedule: '@yearly' });
    const { stdout } = await jobsched(words('list --tag long'));
    const [header = '', row = ''] = stdout.split('\n');
    expect(header.indexOf('SCHEDULE')).toBe(42);
    expect(row).toMatch(/^na{59} .* echo x{74}…$/);
    expect((await jobsched(words('list --tag long --json'))).stdout).toContain(command);
  });

  test('a terminal gets rows that fit it', async () => {
    const once = { command: `exit 1; ${'x '.repeat(99)}`, name: 'a-name-of-thirty-characters-or-so', tags: ['fit'] };
    await server.client.jobs.createMany([once, { ...once, name: 'other', schedule: '@yearly' }]);
    const { stdout } = await runOnTerminal(words('list --tag fit --no-color'), { server: server.url });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('--limit and --all', async () => {
    await server.client.jobs.createMany([1, 2, 3].map(() => ({ command: 'true', tags: ['many'] })));
    expect((await jobsched(words('list --tag many --limit 2 -o id'))).stdout.split('\n')).toHaveLength(3);
    expect((await jobsched(words('list --tag many --all -o id'))).stdout.split('\n')).toHaveLength(4);
    expect(JSON.parse((await jobsched(words('list --tag many --limit 2 --json'))).stdout)).toMatchObject({
      more: true,
    });
  });

  test('nothing found is no failure, and prints nothing into a pipe', async () => {
    expect(await jobsched(words('list --tag nowhere'))).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  test('control characters of others are shown, not sent', async () => {
    await server.client.jobs.create({ command: "echo '\u001b]0;owned\u0007'", tags: ['evil'], schedule: '@yearly' });
    const { stdout } = await jobsched(words('list --tag evil'));
    expect(stdout).toContain("echo '\\e]0;owned\\x07'");
  });

  test('a reader that leaves is no error', async () => {
    const line = `"${process.execPath}" bin/jobsched.js list --all --json | head -c 1`;
    const { promise, resolve } = Promise.withResolvers<string>();
    execFile(
      '/bin/bash',
      ['--norc', '-o', 'pipefail', '-c', line],
      { env: { JOBSCHED_SERVER: server.url, PATH: process.env['PATH'] } },
      (error, stdout, stderr) => resolve(`${error?.code ?? 0}${stdout}${stderr}`),
    );
    expect(await promise).toBe('0{');
  });
});

describe('get and logs', () => {
  beforeAll(async () => {
    const failing = { command: 'echo o; echo e >&2; exit 4', retries: 1, retry_delay_seconds: 0 };
    await server.client.jobs.create({ ...failing, name: 'twice' });
    await Array.fromAsync(server.client.runs.follow('twice#1'));
  });

  test('a job, by name and by the beginning of its id', async () => {
    const byName = await jobsched(words('get twice'));
    expect(byName.stdout).toMatch(/^twice {2}failed\n {2}id +[0-9a-f-]{36}\n {2}command +echo o; echo e >&2; exit 4\n/);
    expect(byName.stdout).toMatch(/\n {2}RUN +STATE +WHEN +TOOK +WORKER +WHY\n {2}#1 +✗ failed +.* +exit 4\n$/);
    const { id } = await server.client.jobs.get('twice');
    expect((await jobsched(['get', id.slice(0, 13), '-o', 'id'])).stdout).toBe(`${id}\n`);
  });

  test('a run, with its attempts', async () => {
    const { stdout } = await jobsched(words('get twice#1 --utc'));
    expect(stdout).toMatch(/^twice#1 {2}✗ failed\n/);
    expect(stdout).toMatch(/\n {2}finished +\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC \(/);
    expect(stdout).toMatch(/\n {2}ATTEMPT .*\n {2}2 +✗ failed .*\n {2}1 +✗ failed .*\n$/);
    expect(JSON.parse((await jobsched(words('get twice#1 --json'))).stdout)).toMatchObject({
      attempt: 2,
      exit_code: 4,
    });
  });

  test('what a run left running', async () => {
    const command = 'sleep 1000 >/dev/null 2>&1 & echo $!';
    const { stdout: pid } = await jobsched(['submit', '--follow', '--name', 'leaves', command]);
    expect(pid).toMatch(/^\d+\n$/);
    process.kill(Number(pid), 'SIGKILL');
    const { stdout } = await jobsched(words('get leaves#1'));
    expect(stdout).toMatch(/\n {2}left running +1 process in the background\n/);
  });

  test('why a run waits', async () => {
    await server.client.jobs.create({ command: 'true', name: 'unserved', queue: 'nowhere' });
    const { stdout } = await jobsched(words('get unserved'));
    expect(stdout).toMatch(/#1 +○ pending +.*waits: no worker serves queue nowhere\n/);
  });

  test('output: each stream where it belongs, one alone on stdout, an earlier attempt', async () => {
    expect(await jobsched(words('logs twice'))).toEqual({ stdout: 'o\n', stderr: 'e\n', code: 0 });
    expect((await jobsched(words('logs twice#1 --stream stderr'))).stdout).toBe('e\n');
    expect((await jobsched(words('logs twice#1 --attempt 1'))).stdout).toBe('o\n');
  });

  test('what is not there', async () => {
    expect(await jobsched(words('get nothing'))).toMatchObject({ stdout: '', code: 3 });
    const none = await jobsched(words('logs twice#99'));
    expect(none).toMatchObject({ stdout: '', code: 3 });
    expect(none.stderr).toMatch(/^error: twice has no run 99; its newest is #1\n {2}\S/);
    expect((await jobsched(words('get twice#99'))).stderr).toBe(none.stderr);
    expect((await jobsched(words('cancel twice#99'))).stderr).toBe(none.stderr);
  });
});

describe('mistakes', () => {
  test.each([
    ['cancle x', 2, /unknown command 'cancle'\n {2}Did you mean cancel\?/],
    ['submit x --cron 61', 2, /^error: /],
    ['submit x --follow --cron @daily', 2, /--follow is for a command that runs once/],
    ['cancel nothing', 3, /there is no job/],
    ['list --server ftp://nowhere', 2, /--server is not the URL of a server/],
  ])('jobsched %s exits with %d', async (line, code, message) => {
    const ran = await jobsched(words(line));
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n {4}at /);
  });

  test('a name that is taken', async () => {
    await server.client.jobs.create({ command: 'true', name: 'taken' });
    expect(await jobsched(words('submit false --name taken'))).toMatchObject({ code: 6 });
  });

  test('nobody listens', async () => {
    const ran = await jobsched(words('list'), { server: 'http://127.0.0.1:1' });
    expect(ran.code).toBe(5);
    expect(ran.stderr).toMatch(/^error: cannot reach the server at http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/);
    expect(ran.stderr).toContain('npm start');
    expect(ran.stderr).toContain('--server URL, JOBSCHED_SERVER, or --context NAME');
  });
});

test('an attempt that is followed by another is shown, however soon it ended, and why beside the output', async () => {
  const command = 'echo "$JOBSCHED_ATTEMPT"; [ "$JOBSCHED_ATTEMPT" = 2 ] || exit 7';
  expect(await jobsched(['submit', '--follow', '--retries', '1', '--retry-delay', '0', command])).toEqual({
    stdout: '1\n2\n',
    stderr: '[attempt 2: the one before failed with exit 7]\n',
    code: 0,
  });
});

test('a later attempt that runs is told from the first', async () => {
  const command = 'test "$JOBSCHED_ATTEMPT" = 2 || exit 1; echo on; sleep 60';
  const job = { command, name: 'again', retries: 1, retry_delay_seconds: 0 };
  await server.client.jobs.create(job);
  for await (const event of server.client.runs.follow('again#1')) if (event.kind === 'output') break;
  expect((await jobsched(words('get again#1'))).stdout).toMatch(/\n {2}attempt +2, since \d+s\n/);
  expect((await jobsched(words('get again'))).stdout).toMatch(/\n {2}#1 +● running .* attempt 2\n/);
  await server.client.runs.cancel('again#1');
});

test('a server that goes while a run is followed: how to take it up again', async () => {
  const id = '90e56ea2-0000-8000-8000-000000000000';
  const stops = { code: 'shutting_down', detail: 'the server is stopping' };
  await using going = await fakeServer(json({ id, name: null }, 201), json(stops, 503));
  const ran = await jobsched(words('submit --follow true'), { server: going.url });
  expect(ran.code).toBe(125);
  expect(ran.stderr).toMatch(
    /^error: the connection was lost while 90e56ea2#1 was followed\n {2}When .*: \S.* logs 90e56ea2#1 -f\n$/,
  );
});

describe('a server that is away while a run is followed', () => {
  const id = '90e56ea2-0000-8000-8000-000000000000';
  const begins = '{"kind":"attempt","attempt":1}\n';
  /** Makes a run that has begun, and then is away until it is back. */
  const comingAndGoing = async (): Promise<FakeServer & { isBack: boolean }> => {
    const fake = await fakeServer(json({ id, name: 'q2' }, 201), stream(begins, 'break'), (response, request) =>
      (server.isBack ? stream(begins, 'stay') : breakOff)(response, request),
    );
    const server = Object.assign(fake, { isBack: false });
    return server;
  };
  const away = /^cannot reach the server at http:\S+: .* · asking again until it is back\n/;

  test('is said, once, and that it is back', async () => {
    await using going = await comingAndGoing();
    await using running = startProgram(words('submit --follow true'), { server: going.url });
    const { stderr } = running.process;
    if (stderr === null) throw new Error('no pipe');
    await once(stderr, 'data');
    going.isBack = true;
    await once(stderr, 'data');
    running.process.kill('SIGINT');
    const ran = await running.ended;
    expect(ran.code).toBe(130);
    expect(ran.stderr.replace(away, '')).toMatch(/^the server is back\n\ndetached; q2#1 goes on · /);
  });

  test('Ctrl-C does not say that it goes on', async () => {
    await using going = await comingAndGoing();
    await using running = startProgram(words('submit --wait true'), { server: going.url });
    const { stderr } = running.process;
    if (stderr === null) throw new Error('no pipe');
    await once(stderr, 'data');
    running.process.kill('SIGINT');
    const ran = await running.ended;
    expect(ran.code).toBe(130);
    expect(ran.stderr.replace(away, '')).toMatch(
      /^\ndetached; the server is away, so how q2#1 goes on is not known · come back with \S.* logs -f q2#1\n$/,
    );
  });
});

test('cancel of a schedule that is not running says how to stop it', async () => {
  await server.client.jobs.create({ command: 'true', name: 'ticks', schedule: '@yearly' });
  const { stdout, code } = await runOnTerminal(words('cancel ticks'), { server: server.url });
  expect(code).toBe(0);
  expect(stdout).toContain('ticks has no live run\n');
  expect(stdout).toMatch(/to stop it: \S.* pause ticks · \S.* delete ticks\n/);
});

test('cancel tells how many runs were cancelled when they are more than are shown', async () => {
  const run = { id: 'x.300', job_id: 'x', job_name: 'busy', number: 300, status: 'cancelled' };
  await using many = await fakeServer(json({ count: 300, runs: [run] }));
  expect(await jobsched(words('cancel busy'), { server: many.url })).toEqual({
    stdout: 'cancelled busy#300\n',
    stderr: '300 runs in all, of which these are the newest\n',
    code: 0,
  });
  expect(JSON.parse((await jobsched(words('cancel busy --json'), { server: many.url })).stdout)).toMatchObject({
    count: 300,
  });
});
