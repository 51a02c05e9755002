/**
 * What others can put before a reader's eyes: whoever may make jobs, and a server that is not what it seems. A terminal
 * must get nothing that it obeys, from any command in any format, other than line feeds.
 */
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeServer, type FakeServer, type SeenRequest } from '../support/fake-server.ts';
import { runOnTerminal, runProgram } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const HOSTILE = '\u001b]0;owned\u0007\u009b31m\u007f\r\t\u202e\u061c\u2066';
/** A command's output may have tabs, and keeps them. */
const OUTPUT = HOSTILE.replace('\t', '');
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const real = standaloneForFile();
let liar: FakeServer;

beforeAll(async () => {
  liar = await fakeServer((response, seen) => void lie(response, seen));
  const { jobs, runs } = real.client;
  const job = { description: HOSTILE, env: { A: HOSTILE }, stdin: HOSTILE };
  const retries = { retries: 1, retry_delay_seconds: 0 };
  await jobs.create({ ...job, name: 'talk', command: `printf '%s' '${OUTPUT}'; printf '${OUTPUT}' >&2; exit 3` });
  await jobs.create({ ...job, ...retries, name: 'shell', command: 'true', shell: `/nope${HOSTILE}` });
  await jobs.create({ ...job, name: 'cwd', command: 'true', cwd: `/nope${HOSTILE}` });
  for (const name of ['talk', 'shell', 'cwd']) await Array.fromAsync(runs.follow(`${name}#1`));
});

afterAll(() => liar[Symbol.asyncDispose]());

/** What the real server answers, with something nasty in every string that a command does not compute with. */
async function lie(response: ServerResponse, { method, url, headers, body }: SeenRequest): Promise<void> {
  const answer = await request(real.url + url.replaceAll(encodeURIComponent(HOSTILE), ''), {
    method: method as 'GET' | 'POST',
    headers: { 'content-type': headers['content-type'] ?? 'application/json' },
    body: body === '' ? null : body,
  });
  const told = await text(answer.body);
  const type = String(answer.headers['content-type']);
  const isNew = method === 'POST' && url === '/api/jobs';
  const spoil = (name: string, value: unknown): unknown =>
    typeof value !== 'string' || KEPT.test(name) || (isNew && name === 'id') ? value : value + HOSTILE;
  const spoilt = type.includes('ndjson') ? told : JSON.stringify(JSON.parse(told, spoil));
  response.writeHead(answer.statusCode, { 'content-type': type }).end(spoilt);
}

const KEPT = /^(?:.*_at|scheduled_for|first|last|code|kind|type|reason|trigger|next_cursor|timezone)$/;

async function shown(args: readonly string[], server: string): Promise<string> {
  const { stdout } = await runOnTerminal([...args, '--no-color'], { server });
  expect(stdout).not.toBe('');
  expect(stdout).not.toMatch(OBEYED);
  return stdout;
}

describe('on a terminal, a job commands nothing', () => {
  test.each([
    ['logs -f shell', /✗ shell#1 failed: could not be started \(.*\/nope\\e\]0;owned\\x07\\x9b31m\\x7f\\r\\t\\u202e/],
    ['logs -f cwd', /^✗ cwd#1 failed: .*\/nope\\e/],
    ['logs talk', /^(?:\\e\]0;owned\\x07\\x9b31m\\x7f\\r\\u202e\\u061c\\u2066){2}\n$/],
    ['get shell#1', /\n {2}why +could not be started \(the shell\n +\/nope\\e/],
    ['get talk', /\n {2}description +\\e/],
    ['get talk --json', /\\u001b\]0;owned\\u0007\\u009b31m\\u007f\\r\\t\\u202e\\u061c\\u2066/],
  ])('%s', async (line, wanted) => expect(await shown(line.split(' '), real.url)).toMatch(wanted));
});

describe('on a terminal, a server commands nothing', () => {
  const submit = ['submit', '--description', HOSTILE, '--shell', `/nope${HOSTILE}`];
  const once = [...submit, '--', 'true', HOSTILE];
  test.each<readonly [string, readonly string[]]>([
    ['submit', [...submit, '--name', 'named', 'true']],
    ['submit, a schedule', [...submit, '--cron', '@yearly', '--', 'echo', HOSTILE]],
    ['submit, refused', ['submit', 'true', '--name', HOSTILE, '--tag', HOSTILE]],
    ['submit -o json', ['-o', 'json', ...once]],
    ['submit -o id', ['-o', 'id', ...once]],
    ['submit --follow', ['submit', '--follow', '--shell', `/nope${HOSTILE}`, 'true']],
    ['submit --follow, with output', ['submit', '--follow', `printf '%s' '${OUTPUT}'`]],
    ['submit --wait -o json', ['submit', '--wait', '-o', 'json', '--cwd', `/nope${HOSTILE}`, 'true']],
    ['submit --wait -o id', ['submit', '--wait', '-o', 'id', 'true']],
    ['list', ['list']],
    ['list -o json', ['list', '-o', 'json']],
    ['list -o id', ['list', '-o', 'id']],
    ['list, refused', ['list', '--status', HOSTILE]],
    ['get', ['get', 'talk']],
    ['get, a run', ['get', 'shell#1']],
    ['get -o json', ['get', 'talk', '-o', 'json']],
    ['get -o id', ['get', 'talk#1', '-o', 'id']],
    ['get, not found', ['get', HOSTILE]],
    ['logs', ['logs', 'talk']],
    ['logs, nothing written', ['logs', 'shell']],
    ['logs -f', ['logs', '-f', 'cwd']],
    ['logs --stream', ['logs', 'talk', '--stream', 'stderr']],
    ['logs --tail', ['logs', 'talk', '--tail', '1', '--timestamps']],
    ['logs --search', ['logs', 'talk', '--search', 'owned']],
    ['retry, changed', ['retry', 'talk#1', '--env', 'B=b', '--wait']],
    ['context test', ['context', 'test']],
    ['get -o yaml', ['get', 'talk', '-o', 'yaml']],
    ['get --fields', ['get', 'talk', '--fields', 'name,description']],
    ['list -o yaml', ['list', '-o', 'yaml']],
    ['list -o wide', ['list', '-o', 'wide']],
    ['list -o jsonl', ['list', '-o', 'jsonl']],
    ['runs', ['runs']],
    ['run', ['run', 'talk']],
    ['run --wait', ['run', 'talk', '--force', '--wait']],
    ['retry', ['retry', 'talk#1', '--force']],
    ['wait', ['wait', 'talk#1']],
    ['edit', ['edit', 'talk', '--priority', '1']],
    ['pause, refused', ['pause', 'talk']],
    ['next', ['next', '@daily']],
    ['submit --dry-run', ['submit', '--cron', '@daily', '--dry-run', 'true', HOSTILE]],
    ['workers', ['workers', '-o', 'wide']],
    ['workers drain, not found', ['workers', 'drain', HOSTILE]],
    ['queues', ['queues']],
    ['stats', ['stats']],
    ['doctor', ['doctor']],
    ['open', ['open', 'talk', '--print']],
    ['delete, not found', ['delete', `no${HOSTILE}`, '--yes']],
    ['cancel, not found', ['cancel', `no${HOSTILE}`]],
    ['cancel, nothing to do', ['cancel', 'shell']],
    ['wrong usage', ['cancel', 'shell', `--${HOSTILE}`]],
  ])('%s', async (_, args) => void (await shown(args, liar.url)));

  test('top, where it cannot draw', async () => {
    const { stdout } = await runOnTerminal(['top', '--no-color'], { server: liar.url, env: { TERM: 'dumb' } });
    expect(stdout).toMatch(/\nRUNNING \d/);
    expect(stdout).not.toMatch(OBEYED);
  });

  test.each([['table'], ['json'], ['id']])('cancel -o %s', async (format) => {
    const job = await real.client.jobs.create({ command: 'sleep 60', name: `sleeper-${format}` });
    await shown(['cancel', job.id, '-o', format], liar.url);
  });
});

test('through a pipe nothing but the output is raw, which is the command’s own', async () => {
  const ran = await runProgram(['logs', '-f', 'shell'], { server: liar.url });
  expect(ran.stderr).toContain('could not be started');
  expect(ran.stderr).not.toMatch(OBEYED);
  const { stdout } = await runProgram(['list'], { server: liar.url });
  expect(stdout).not.toMatch(OBEYED);
});
