/**
 * Names that mean something to somebody else: to the file system (Jenkins CVE-2024-23897), to JavaScript, to a program
 * that reads a table or a log, or to a later version of ours (Cronicle CVE-2026-58255, -39401, -85076).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { startApi, type Api } from '../support/api.ts';
import { raw, requestOf, statusOf } from '../support/raw-http.ts';
import { startWithout } from './unguarded.ts';

let api: Api;
beforeAll(async () => (api = await startApi()));
afterAll(() => api[Symbol.asyncDispose]());

const sent = (to: Api, json: string): ReturnType<Api['call']> =>
  to.call('POST', '/api/jobs', { raw: json, headers: { 'content-type': 'application/json' } });

describe('paths', () => {
  it.each([
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%252e%252e/etc/passwd',
    '/..\\..\\etc\\passwd',
    '/....//....//etc/passwd',
    '/api/../etc/passwd',
    '/index.html/../../package.json',
    '/@/etc/passwd',
    '/file:///etc/passwd',
    '/index.html%00.js',
    '/jobs/%2e%2e%2f%2e%2e%2fetc',
    '/jobs/..%00/x',
    '/.git/config',
    '/.env',
    '/constructor',
    '/__proto__',
    '/toString',
    '/hasOwnProperty',
  ])('lead nowhere: %s', async (path) => {
    const answer = await raw(api.server, requestOf([`GET ${path} HTTP/1.1`, 'Host: localhost']));
    expect(statusOf(answer)).toBe(404);
    expect(answer).not.toContain('root:');
  });
});

describe('names of JavaScript', () => {
  const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'];

  it.each(NAMES)('are no job, run, queue or worker: %s', async (name) => {
    for (const path of [
      `/api/jobs/${name}`,
      `/api/runs/${name}.1`,
      `/api/runs/${name}%231`,
      `/api/jobs/${name}/runs`,
    ]) {
      expect(await api.fail('GET', path)).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await api.fail('POST', `/api/queues/${name}/pause`)).status).toBe(name === '__proto__' ? 400 : 404);
    for (const filter of ['status', 'queue', 'job', 'worker']) {
      expect((await api.call('GET', `/api/runs?${filter}=${name}`)).status).toBeOneOf([200, 400, 404]);
    }
    expect(await api.fail('GET', `/api/jobs?${name}=x`)).toMatchObject({ status: 400, field: name });
  });

  const POLLUTING = [
    '{"__proto__":{"admin":true}}',
    '{"command":"true","__proto__":{"command":"evil"}}',
    '{"command":"true","\\u005f_proto__":{}}',
    '{"command":"true","env":{"__proto__":"x"}}',
    '{"command":"true","constructor":{"prototype":{"admin":true}}}',
    '{"jobs":[{"command":"true"},{"__proto__":{}}]}',
    '{"command":"true","tags":[{"__proto__":{}}]}',
    '[{"__proto__":{}}]',
  ];

  it.each(POLLUTING)('are no fields: %s', async (json) => {
    expect(await sent(api, json)).toMatchObject({ status: 400 });
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it('red control: without the guard of JSON one of them makes its job', async () => {
    await using open = await startWithout('json');
    const answers = await Promise.all(POLLUTING.map((json) => sent(open, json)));
    expect(answers.map(({ status }) => status)).toContain(201);
  });

  it('may be the values of anything, and are kept', async () => {
    const env = Object.fromEntries(NAMES.filter((name) => name !== '__proto__').map((name) => [name, name]));
    const body = { command: 'true', name: 'constructor-1', tags: ['constructor'], description: '__proto__', env };
    const { body: job } = await api.call<JobView>('POST', '/api/jobs', { body });
    expect((await api.call<JobView>('GET', `/api/jobs/${job.id}`)).body).toMatchObject({ tags: ['constructor'], env });
  });
});

describe('fields that nobody knows', () => {
  it.each([
    'uid',
    'user',
    'isAdmin',
    'status',
    'id',
    'last_run',
    'update_event',
    'chain',
    'plugin',
    'Command',
    'command ',
  ])('are refused by name: %s', async (field) => {
    const json = JSON.stringify({ command: 'true', [field]: 0 });
    expect(await sent(api, json)).toMatchObject({ status: 400, body: { field } });
    expect(await sent(api, `{"jobs":[${json}]}`)).toMatchObject({
      status: 200,
      body: { results: [{ problem: { field: `jobs[0].${field}` } }] },
    });
  });

  it('the environment of a run cannot be told of by its job', async () => {
    for (const name of ['JOBSCHED_RUN_ID', 'JOBSCHED_MARK', 'JOBSCHED_ANYTHING']) {
      const json = JSON.stringify({ command: 'true', env: { [name]: 'x' } });
      expect((await sent(api, json)).status).toBe(400);
    }
  });
});

describe('queries', () => {
  it.each([
    'limit=1e9',
    'limit=1000000000',
    'limit=0',
    'limit=-1',
    'limit=NaN',
    'limit=10&limit=20',
    'limit[]=10',
    'cursor=x',
    `cursor=${'A'.repeat(1_000)}`,
    'since=0000',
    'status=nothing',
    `status=${'failed,'.repeat(1_000)}x`,
    `q=${'x'.repeat(1_000)}`,
    '%00=1',
    '=',
  ])('are bounded: %s', async (query) => {
    expect((await api.fail('GET', `/api/runs?${query}`)).status).toBe(400);
  });
});

describe('names that a table or a log would obey', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '=1+1\n{', 'a\nb', 'a\u001b[31m', '../x', 'a b', ''])(
    'name no job: %j',
    async (name) => {
      expect((await sent(api, JSON.stringify({ command: 'true', name }))).status).toBe(400);
    },
  );

  it('in the log are one line each, whatever stands in them', async () => {
    const before = api.log.length;
    const path = '/api/jobs/%0a%7b%22level%22%3a60%7d%0d%1b%5b31m';
    await api.fail('GET', path, { headers: { 'user-agent': 'x' } });
    await sent(api, JSON.stringify({ command: '=1+1\n{"level":60}\u001b', 'x\n{"level":60}': '\u001b' }));
    const lines = api.log.slice(before);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      // oxlint-disable-next-line no-control-regex -- control characters are what this is about
      expect(line).toMatch(/^[^\u0000-\u001f\u007f]*\n$/);
      expect((JSON.parse(line) as { level: number }).level).toBeLessThan(60);
    }
  });
});
