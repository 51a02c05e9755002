/**
 * Pages of other sites that a person of ours has open: they can make the browser send requests, and know what it may say
 * (CSRF; FastAPI CVE-2021-32677, Flower CVE-2022-51020, Rundeck CVE-2021-39133).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes/table.ts';
import { startApi, type Answer, type Api } from '../support/api.ts';
import { startWithout } from './unguarded.ts';

let api: Api;
beforeAll(async () => (api = await startApi({ auth: 'none', publicUrl: 'https://jobs.example/' })));
afterAll(() => api[Symbol.asyncDispose]());

const own = { host: 'localhost:8080' };
const job = JSON.stringify({ command: 'true' });
const submit = (to: Api, headers: Readonly<Record<string, string>>): Promise<Answer<never>> =>
  to.call('POST', '/api/jobs', { raw: job, headers: { ...own, ...headers } });

const STRANGE_PAGES: readonly Readonly<Record<string, string>>[] = [
  { origin: 'http://evil.example' },
  { origin: 'null' },
  { origin: '' },
  { origin: 'http://localhost:9999' },
  { origin: 'http://localhost:8080.evil.example' },
  { origin: 'http://localhost:8080@evil.example' },
  { origin: 'file://' },
  { origin: 'chrome-extension://abcdef' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'CROSS-SITE' },
  { 'sec-fetch-site': 'none', origin: 'http://evil.example' },
];

describe('a page of another site', () => {
  it.each(STRANGE_PAGES)('may ask for nothing: %j', async (headers) => {
    for (const { method, path } of ROUTES.filter((route) => route.path.startsWith('/api/'))) {
      const asked = path.replace(/:\w+/, 'x');
      const problem = await api.fail(method, asked, { headers: { ...own, ...headers } });
      expect(problem).toMatchObject({ status: 403, code: 'cross_site' });
    }
  });

  it('gets no leave from anybody', async () => {
    const headers = { ...own, origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const problem = await api.fail('OPTIONS', '/api/jobs', { headers });
    expect(problem).toMatchObject({ status: 403, code: 'cross_site' });
    const { headers: answered } = await api.call('GET', '/livez', { headers });
    for (const names of [problem.headers, answered].map(Object.keys)) {
      expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('red control: without the guard each of them makes a job', async () => {
    await using open = await startWithout('origin');
    for (const headers of STRANGE_PAGES) {
      expect((await submit(open, { 'content-type': 'application/json', ...headers })).status).toBe(201);
    }
  });
});

it.each([
  {},
  { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
  { origin: 'https://localhost:8080' },
  { origin: 'https://jobs.example' },
  { 'sec-fetch-site': 'none' },
])('our own pages, and programs, are told from them: %j', async (headers) => {
  expect((await submit(api, { 'content-type': 'application/json', ...headers })).status).toBe(201);
});

/** What a form, or a script that asks no leave, can send. */
const FORM_TYPES = [
  'text/plain',
  'text/plain; x=application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json, text/plain',
  'application/jsonp',
  'application/json; charset=utf-7',
  'text/json',
  '',
];

describe('what a form can send', () => {
  it.each(FORM_TYPES)('is no job, also without a word of its origin: %j', async (type) => {
    const answer = await submit(api, { 'content-type': type });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });

  it('red control: without the guard it is one', async () => {
    await using open = await startWithout('media type');
    for (const type of FORM_TYPES) expect((await submit(open, { 'content-type': type })).status).toBe(201);
  });
});
