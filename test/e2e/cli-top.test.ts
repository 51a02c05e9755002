/** `top` on a real terminal: what it draws, and that the terminal is given back, whatever ends it. */
/* oxlint-disable no-control-regex -- what draws the screen is what this looks for */
import { beforeAll, expect, test } from 'vitest';
import { tail } from '../../src/cli/top/tail.ts';
import { fakeServer, json } from '../support/fake-server.ts';
import { runProgram } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

const server = standaloneForFile();

const ENTERED = /^\u001b\[\?1049h\u001b\[\?25l\u001b\[\?7l\u001b\[Hjobsched /;
const LEFT = /\u001b\[\?7h\u001b\[\?25h\u001b\[\?1049l/;

const open = (env: Readonly<Record<string, string>> = {}): Promise<Terminal> =>
  openTerminal(['top', '--no-color'], { server: server.url, env });

beforeAll(async () => {
  await server.client.jobs.create({ name: 'sleeper', command: 'sleep 60' });
  await server.client.jobs.create({ name: 'breaks', command: 'exit 3' });
  for await (const event of server.client.runs.follow('breaks#1')) if (event.kind === 'end') break;
});

test('lives, keeps to its window, and q ends it', async () => {
  await using terminal = await open();
  const screen = await terminal.seen(/FAILED 1[^]*\u001b\[J/);
  expect(screen).toMatch(ENTERED);
  expect(screen).toMatch(/\r\nRUNNING 1\u001b\[K\r\nRUN .*\r\nsleeper#1 .*[^]*breaks#1 .* exit 3/);
  await server.client.jobs.create({ name: 'waits', command: 'true', queue: 'nowhere' });
  await terminal.seen(/\r\nnowhere +1 +0 +0\u001b/);
  await terminal.resize(40, 14);
  // What is of most use keeps its rows.
  await terminal.seen(/\u001b\[Hjobsched[^]*\r\nsleeper#1 [^]*\r\nQUEUES \d\u001b\[K\r\n\u001b\[K\r\nWORKERS 1\u001b/);
  await terminal.resize(40, 8);
  const small = await terminal.seen(/\u001b\[H[^]*\u001b\[J/);
  expect(small.slice(small.lastIndexOf('\u001b[H')).split('\r\n').length).toBeLessThanOrEqual(8);
  terminal.type('q');
  const { text, code } = await terminal.ended();
  expect(code).toBe(0);
  expect(text).toMatch(new RegExp(`${LEFT.source}$`));
});

test('its keys: find a run, read its log, run it again, cancel it', async () => {
  await server.client.jobs.create({ name: 'talks', command: 'echo one; echo two; exec sleep 60' });
  await using terminal = await open();
  await terminal.seen(/talks#1/);
  terminal.type('?');
  await terminal.seen(/\[HKEYS [^]* q, Ctrl-C +end\u001b/);
  terminal.type('x/TALK\rj');
  const found = await terminal.seen(/only with TALK [^]*\r\ntalks#1 ◂ [^]*FAILED 0[^]*\u001b\[J/);
  expect(found.slice(found.lastIndexOf('\u001b[H'))).not.toContain('sleeper');
  terminal.type('l');
  await terminal.seen(/\[Htalks#1 · the newest lines [^]*\r\none\u001b\[K\r\ntwo\u001b/);
  terminal.type('xr');
  await terminal.seen(/only a finished one can be run again[^]*\u001b\[J/);
  terminal.type('c');
  await terminal.seen(/cancel talks#1\? y or n/);
  terminal.type('y');
  await terminal.seen(/RUNNING 0/);
  // Escape, and the arrow down twice: to the run that failed.
  terminal.type('\u001b');
  await terminal.seen(/sleeper#1/);
  terminal.type('\u001b[B\u001b[B');
  await terminal.seen(/breaks#1 ◂/);
  terminal.type('r');
  await terminal.seen(/breaks#1 runs again as breaks#2/);
  terminal.type('q');
  expect((await terminal.ended()).code).toBe(0);
});

test('Ctrl-C, and being told to end', async () => {
  for (const [end, wanted] of [
    [(terminal: Terminal): void => terminal.type('\u0003'), 130],
    [(terminal: Terminal): void => terminal.type('\u001c'), 131],
    [(terminal: Terminal): void => void process.kill(terminal.pid, 'SIGTERM'), 143],
  ] as const) {
    await using terminal = await open();
    await terminal.seen(/FAILED/);
    end(terminal);
    const { text, code } = await terminal.ended();
    expect(code).toBe(wanted);
    expect(text).toMatch(new RegExp(`${LEFT.source}$`));
  }
});

test('Ctrl-Z stops it, on the screen that was there before, and fg draws it anew', async () => {
  const andThen = 'stty -a | grep -o -e "-*icanon"; echo stopped; fg; echo $? done';
  await using terminal = await openTerminal(['top', '--no-color'], { server: server.url, andThen });
  await terminal.seen(/FAILED/);
  terminal.type('\u001a');
  await terminal.seen(new RegExp(`${LEFT.source}icanon\nstopped\n[^]*\u001b\\[\\?1049h[^]*FAILED`));
  terminal.type('q');
  await terminal.seen(new RegExp(`${LEFT.source}0 done`));
});

test.each(['top', 'list --watch'])('%s in the background leaves the screen to the shell until fg', async (line) => {
  // The wait is over when it has stopped again.
  const andThen = 'echo stopped; bg; wait; echo still here; fg; echo $? done';
  await using terminal = await openTerminal([...line.split(' '), '--no-color'], { server: server.url, andThen });
  await terminal.seen(/\u001b\[J/);
  terminal.type('\u001a');
  const text = await terminal.seen(/still here\n[^]*\u001b\[\?1049h[^]*\u001b\[J/);
  expect(text).toMatch(new RegExp(`${LEFT.source}stopped\n[^\u001b]*still here\n`));
  terminal.type('\u0003');
  await terminal.seen(new RegExp(`${LEFT.source}[^]*130 done`));
});

test('a window that is closed ends it', async () => {
  await using terminal = await open();
  await terminal.seen(/FAILED/);
  await terminal.hangUp();
});

test('a bug gives the terminal back, and is told there', async () => {
  const bug = 'process.on("SIGUSR2",()=>{throw new Error("boom")})';
  await using terminal = await open({ NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(bug)}` });
  await terminal.seen(/FAILED/);
  process.kill(terminal.pid, 'SIGUSR2');
  const { text, code } = await terminal.ended();
  expect(code).toBe(1);
  expect(text).toMatch(new RegExp(`${LEFT.source}error: this is a bug in jobsched \\S+: Error: boom\n`));
  expect(text).not.toMatch(/\n +at /);
});

test('a server that goes: what was known stays, and how old it is; a key that goes ends it', async () => {
  const stats = await server.client.stats();
  const { rows: runs } = await server.client.runs.list({ job: 'breaks' });
  const known = { runs, queues: [], workers: [], next_cursor: null };
  let problem: { readonly code: string; readonly detail: string; readonly status: number } | null = null;
  await using going = await fakeServer((response, request) => {
    const right = request.url.startsWith('/api/stats') ? stats : known;
    const answer = problem === null ? json(right) : json(problem, problem.status);
    answer(response, request);
  });
  await using terminal = await openTerminal(['top', '--no-color'], { server: going.url });
  await terminal.seen(/FAILED/);
  problem = { code: 'shutting_down', detail: 'the server is stopping', status: 503 };
  // A log is looked for at once, and what there was before it when that is left.
  terminal.type('jl');
  await terminal.seen(/\u001b\[Hold by \w+: the server is stopping\u001b\[K\r\nbreaks#\d /);
  problem = null;
  terminal.type('x');
  await terminal.seen(/\u001b\[Hold by \w+: the server is stopping\u001b\[K\r\njobsched [^]*\u001b\[Hjobsched /);
  problem = { code: 'unauthorized', detail: 'the key is not valid', status: 401 };
  terminal.type('l');
  const { text, code } = await terminal.ended();
  expect(text).toMatch(new RegExp(`${LEFT.source}error: the key is not valid`));
  expect(code).toBe(4);
});

test.each([
  ['top', 'q', 0],
  ['list --watch', '\u0003\u0003', 130],
])('%s ends at once, also while the server keeps it waiting', async (line, keys, wanted) => {
  const stats = await server.client.stats();
  const asked = Promise.withResolvers<void>();
  let isSilent = false;
  const known = { jobs: [], runs: [], queues: [], workers: [], next_cursor: null };
  await using silent = await fakeServer((response, request) => {
    if (!isSilent) return json(request.url.startsWith('/api/stats') ? stats : known)(response, request);
    if (!request.url.startsWith('/api/events')) asked.resolve();
  });
  await using terminal = await openTerminal([...line.split(' '), '--no-color'], { server: silent.url });
  expect(await terminal.seen(/\u001b\[J/)).toMatch(/^\u001b\[\?1049h/);
  isSilent = true;
  await asked.promise;
  terminal.type(keys);
  const { text, code } = await terminal.ended();
  expect(code).toBe(wanted);
  expect(text).toMatch(LEFT);
});

test.each([
  ['q: what was asked for is heard to its end', 'q', 0],
  ['Ctrl-C: it is not waited for, and that is said', '\u0003', 130],
])('%s', async (_name, key, wanted) => {
  const stats = await server.client.stats();
  const { rows: runs } = await server.client.runs.list({ job: 'sleeper' });
  const known = { runs, queues: [], workers: [], next_cursor: null };
  let isSilent = false;
  const looks = Promise.withResolvers<void>();
  await using slow = await fakeServer((response, request) => {
    if (request.method === 'POST') return json({ ...runs[0], status: 'cancelled' })(response, request);
    if (!isSilent) return json(request.url.startsWith('/api/stats') ? stats : known)(response, request);
    if (!request.url.startsWith('/api/events')) looks.resolve();
  });
  await using terminal = await openTerminal(['top', '--no-color'], { server: slow.url });
  await terminal.seen(/sleeper#1/);
  isSilent = true;
  // The one connection waits for a log: what is asked for comes after that.
  terminal.type('jl');
  await looks.promise;
  terminal.type('xcy');
  await terminal.seen(/cancelling sleeper#1/);
  terminal.type(key);
  const { text, code } = await terminal.ended();
  const said = wanted === 0 ? 'cancelled sleeper#1' : 'the server has not said whether sleeper#1 is cancelled';
  expect(text).toMatch(new RegExp(`${LEFT.source}${said}\n$`));
  expect(code).toBe(wanted);
});

test('of a log without lines only the end is read, and of one that has ended only once', async () => {
  const { id } = await server.client.jobs.create({ name: 'bar', command: 'yes = | head -c 200000 | tr -d "\\n"' });
  for await (const event of server.client.runs.follow('bar#1')) if (event.kind === 'end') break;
  const run = `${id}.1`;
  const found = await tail(server.client, run, null);
  expect(found.text).toMatch(/^=+\n$/);
  expect(found.text.length).toBeLessThanOrEqual(64 * 1024 + 1);
  expect(await tail(server.client, run, found)).toBe(found);
  expect((await tail(server.client, `${id}.2`, found)).text).toContain('no run');
});

test('into a pipe: once, and it says so', async () => {
  const { stdout, stderr, code } = await runProgram(['top'], { server: server.url });
  expect({ stderr, code }).toEqual({
    stderr: 'this is no terminal that can be drawn on, so this was it once\n',
    code: 0,
  });
  expect(stdout).toMatch(/^jobsched \S+ · http:\S+ · [\d:]+\n.* slots busy · [^]*\nbreaks#1 .* exit 3\n$/);
});
