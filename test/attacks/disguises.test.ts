/**
 * Routes by other spellings (Kestra CVE-2026-49869: whatever ended in `/configs` was open). Default deny: who may not ask
 * gets nothing, however the path is spelt; and for who may, paths are exact.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes/table.ts';
import { randomUUID } from 'node:crypto';
import { Pool, type Dispatcher } from 'undici';
import { startApi, type Api } from '../support/api.ts';
import { long } from '../support/long.ts';
import { raw, requestOf, statusOf } from '../support/raw-http.ts';

let api: Api;
let pool: Pool;
beforeAll(async () => {
  api = await startApi({ basePath: '/tools' });
  // It sends paths as they are given.
  pool = new Pool(`http://127.0.0.1:${api.server.port}`, { connections: 8 });
});
afterAll(async () => {
  await pool.destroy();
  await api[Symbol.asyncDispose]();
});

const METHODS: readonly Dispatcher.HttpMethod[] = long ? ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'] : ['HEAD', 'POST'];
const ODD_METHODS = ['PUT', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'get', 'GE T'];

/** Never the path itself, as our router has it. */
function disguises(path: string): string[] {
  const [first = ''] = path.slice(1);
  const encoded = `/%${first.charCodeAt(0).toString(16)}${path.slice(2)}`;
  const inner = path.slice(1);
  return [
    ...['/', '//', '/.', '/..', '.', '..', '%2f', '%2F', '%00', '%20', ';', ';a=b', '%3f', '%23', '\\', '~'].map(
      (end) => path + end,
    ),
    ...[
      '/livez',
      '/readyz',
      '/metrics',
      '/healthz',
      '.json',
      '.css',
      '/..;/livez',
      '/%2e%2e/livez',
      '?/livez',
      '?livez',
    ].map((end) => path + end),
    ...['/', '/.', '/./', '/%2e/', '/livez/..', '/livez/../', '/livez/%2e%2e/', '/livez;/..', '/x/..'].map(
      (start) => start.replace(/\/$/, '') + path,
    ),
    path.replaceAll('/', '//'),
    path.toUpperCase(),
    `/${inner.replaceAll('/', '\\')}`,
    `/${inner.replaceAll('/', '%2f')}`,
    encoded,
    `/${inner.replaceAll('a', '%61')}`,
    `/tools/${inner}/`,
    `/tools//${inner}`,
    `/tools/tools/${inner}`,
    `/Tools/${inner}`,
    `/livez/${inner}`,
  ].filter((spelt) => spelt.split('?', 1)[0] !== path);
}

/** Those that anyone may ask for: whether the server lives, who one is, and to log in. */
const open = new Set(ROUTES.filter(({ access }) => access === 'anyone').map(({ path }) => path));
const paths = [...new Set(ROUTES.map(({ path }) => path.replaceAll(/:\w+/g, 'x')))];
async function ask(method: Dispatcher.HttpMethod, path: string, headers = {}): Promise<number> {
  const { statusCode, body } = await pool.request({ method, path, headers: { host: 'localhost', ...headers } });
  await body.dump();
  return statusCode;
}

const isRefused = (status: number): boolean => status >= 400 && status < 500;

describe('who may not ask', () => {
  /** A proxy that passes on for somebody; without keys nobody can tell for whom. */
  const denied = { 'x-forwarded-for': '203.0.113.9' };

  it.each(paths)('gets nothing of %s, nor by any disguise', async (path) => {
    const itself = open.has(path) ? [] : [path, `/tools${path}`, `${path}?key=x`];
    const spellings = [...itself, ...disguises(path)];
    const asked = spellings.flatMap((spelt) => METHODS.map((method) => [method, spelt] as const));
    const answers = await Promise.all(
      asked.map(async ([method, spelt]) => ({ method, spelt, status: await ask(method, spelt, denied) })),
    );
    expect(answers.filter(({ status }) => !isRefused(status))).toEqual([]);
    for (const method of ODD_METHODS) {
      const request = requestOf([`${method} ${path} HTTP/1.1`, 'Host: localhost', 'X-Forwarded-For: 203.0.113.9']);
      expect(isRefused(statusOf(await raw(api.server, request)))).toBe(true);
    }
  });

  it('is told nothing but that a key is wanted, where there are keys', async () => {
    await using keyed = await startApi({ auth: 'keys' });
    const key = { id: randomUUID(), name: 'first', role: 'admin', hash: 'x'.repeat(43), expiresAt: null } as const;
    await keyed.store.createKey(key);
    for (const { method, path } of ROUTES.filter(({ access }) => access !== 'anyone')) {
      for (const spelt of [path, `${path}?key=x`, `${path}?access_token=x`]) {
        const headers = { 'x-forwarded-for': '203.0.113.9' };
        const problem = await keyed.fail(method, spelt.replaceAll(/:\w+/g, 'x'), { headers });
        expect(problem).toMatchObject({ status: 401, code: 'unauthorized' });
      }
    }
    expect(await keyed.fail('GET', '/api/nothing', { headers: { 'x-forwarded-for': '203.0.113.9' } })).toMatchObject({
      status: 401,
    });
  });

  it('red control: the same request without its proxy is answered', async () => {
    expect(await ask('GET', '/tools/api/jobs')).toBe(200);
    expect(await ask('HEAD', '/livez')).toBe(200);
  });
});

describe('who may ask', () => {
  it.each(paths)('has to spell %s as it is', async (path) => {
    const answers = await Promise.all(
      disguises(path).map(async (spelt) => ({ spelt, status: await ask('GET', spelt) })),
    );
    expect(answers.filter(({ status }) => !isRefused(status))).toEqual([]);
  });

  it('and a page of another site gains nothing by a disguise', async () => {
    const { body: job } = await api.call<{ id: string }>('POST', '/api/jobs', { body: { command: 'true' } });
    const headers = { origin: 'http://evil.example' };
    for (const path of [`/api/jobs/${job.id}/run`, `/tools/api/jobs/${job.id}/run`]) {
      for (const spelt of [path, ...disguises(path)]) {
        expect([spelt, await ask('POST', spelt, headers)]).toEqual([spelt, 403]);
      }
    }
  });
});
