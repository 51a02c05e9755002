/**
 * DNS rebinding: a browser that was told that `evil.example` is this machine (CVE-2025-66414; Ray, the day of 0.0.0.0).
 * Only names that no stranger can point here are answered, and only one of them at a time.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { raw, requestOf, statusOf } from '../support/raw-http.ts';
import { startWithout } from './unguarded.ts';

let api: Api;
beforeAll(async () => (api = await startApi({ auth: 'none', publicUrl: 'https://jobs.example/' })));
afterAll(() => api[Symbol.asyncDispose]());

it.each([
  'localhost',
  'LOCALHOST:1',
  '127.0.0.1:8080',
  '[::1]:8080',
  '10.1.2.3',
  'machine',
  'machine.:80',
  'jobs.example',
  'Allowed.Example',
])('the Host header may be %s', async (host) => {
  expect((await api.call('GET', '/api/stats', { headers: { host } })).status).toBe(200);
});

const STRANGERS = [
  'evil.example',
  'evil',
  'localhost.evil.example',
  'localhost:80:80',
  'local host',
  '[::1',
  'evil.example#localhost',
  '@localhost',
  'localhost@evil.example',
  '1.2.3.4.evil',
  '127.0.0.1.nip.io',
  '0x7f000001',
  'localhost\t.evil',
  'jobs.example.evil',
];

const ask = (hosts: readonly string[]): string => requestOf(['GET /api/stats HTTP/1.1', ...hosts]);

it.each(STRANGERS)('the Host header may not be %s', async (host) => {
  const answer = await raw(api.server, ask([`Host: ${host}`]));
  expect(statusOf(answer)).toBe(421);
  expect(answer).toContain('"code":"host_not_allowed"');
});

it('no page and no probe is answered under a strange name either', async () => {
  for (const path of ['/', '/livez', '/readyz', '/metrics', '/api/openapi.json', '/nothing']) {
    expect(await api.fail('GET', path, { headers: { host: 'evil.example' } })).toMatchObject({ status: 421 });
  }
});

it.each([[['Host: localhost', 'Host: localhost']], [['Host: localhost', 'hOST: evil.example']], [[]]])(
  'the Host header is one: %j',
  async (hosts) => expect(statusOf(await raw(api.server, ask(hosts)))).toBe(400),
);

it('red control: without the guard all of these are answered', async () => {
  await using open = await startWithout('host', { auth: 'none' });
  for (const host of STRANGERS) expect(statusOf(await raw(open.server, ask([`Host: ${host}`])))).toBe(200);
  const two = ask(['Host: localhost', 'Host: evil.example']);
  expect(statusOf(await raw(open.server, two))).toBe(200);
});
