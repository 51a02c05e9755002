import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { startApi } from '../support/api.ts';
import { raw, requestOf, statusOf } from '../support/raw-http.ts';

const page = {
  files: {
    '/index.html': {
      type: 'text/html; charset=utf-8',
      immutable: false,
      identity: Buffer.from('<!doctype html><base href="/" />').toString('base64'),
      brotli: null,
    },
    '/app.1A2B.js': { type: 'text/javascript', immutable: true, identity: '', brotli: null },
  },
};

describe('below a path', () => {
  it.each(['/jobs', '/tools/jobsched', '/runs'])(
    'everything is at %s, whether a proxy takes that off or not',
    async (base) => {
      await using api = await startApi({ basePath: base, page });
      for (const before of ['', base]) {
        expect((await api.call('GET', `${before}/api/jobs`)).status).toBe(200);
        expect((await api.call('GET', `${before}/livez`)).status).toBe(200);
        expect((await api.call('GET', `${before}/app.1A2B.js`)).status).toBe(200);
        for (const view of ['/', '/jobs/nightly', '/runs/x.1']) {
          const { text, headers } = await api.call('GET', before + view);
          expect(text).toContain(`<base href="${base}/" />`);
          expect(headers['content-security-policy']).toContain("base-uri 'self'");
        }
      }
      const { headers } = await api.call<JobView>('POST', `${base}/api/jobs`, { body: { command: 'true' } });
      expect(headers['location']).toMatch(new RegExp(`^${base}/api/jobs/[0-9a-f-]{36}$`));
      expect((await api.call('GET', String(headers['location']))).status).toBe(200);
      expect(await api.call('GET', base)).toMatchObject({ status: 308, headers: { location: `${base}/` } });
      const { body: document } = await api.call<Record<string, unknown>>('GET', '/api/openapi.json');
      expect(document['servers']).toMatchObject([{ url: `${base}/` }]);
    },
  );

  it('the guards are those of the path below it', async () => {
    await using api = await startApi({ basePath: '/jobs', page });
    const headers = { origin: 'http://evil.example' };
    expect(await api.fail('POST', '/jobs/api/jobs', { body: { command: 'true' }, headers })).toMatchObject({
      code: 'cross_site',
    });
    for (const path of ['/jobs/jobs/api/jobs', '/jobs//api/jobs', '/jobsx/api/jobs', '/Jobs/livez']) {
      expect(await api.fail('GET', path)).toMatchObject({ status: 404 });
    }
  });
});

describe('a proxy without keys', () => {
  it('lets nobody in, since the user behind it cannot be told', async () => {
    await using api = await startApi({ trustedProxies: ['loopback'], publicUrl: 'https://jobs.example' });
    for (const name of [
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-forwarded-email',
      'forwarded',
      'via',
      'x-real-ip',
      'x-client-ip',
      'cf-connecting-ip',
      'true-client-ip',
    ]) {
      const problem = await api.fail('GET', '/api/jobs', { headers: { [name]: '127.0.0.1' } });
      expect(problem, name).toMatchObject({ status: 403, code: 'local_user_only' });
    }
  });

  it('lets nobody in behind so many headers that its own might not be looked at', async () => {
    await using api = await startApi();
    const behind = (count: number): string =>
      requestOf(['GET /api/jobs HTTP/1.1', 'Host: localhost', ...Array<string>(count).fill('A: x'), 'Via: 1.1 proxy']);
    expect(statusOf(await raw(api.server, behind(990)))).toBe(403);
    // Older versions of Node dropped those beyond 1,000 in silence.
    expect(statusOf(await raw(api.server, behind(1_500)))).toBe(431);
  });

  it('lets nobody in either when it says nothing of itself, and passes on by which name it was asked', async () => {
    await using api = await startApi({ publicUrl: 'https://jobs.example' });
    for (const host of ['jobs.example', 'allowed.example', 'machine:8080', '192.0.2.7', '[2001:db8::1]:8080']) {
      const problem = await api.fail('GET', '/api/jobs', { headers: { host } });
      expect(problem, host).toMatchObject({ status: 403, code: 'local_user_only' });
      expect(await api.fail('POST', '/api/jobs', { body: { command: 'true' }, headers: { host } })).toMatchObject({
        status: 403,
      });
    }
    for (const host of ['localhost', 'LocalHost.:1', '127.0.0.1', '127.9.9.9:80', '[::1]:8080', '[::ffff:127.0.0.1]']) {
      expect((await api.call('GET', '/api/jobs', { headers: { host } })).status, host).toBe(200);
    }
  });
});

describe('a client that asks too often', () => {
  it('is told when it may come again, and others are not held up', async () => {
    const at = { monotonic: 0 };
    const clock = { now: () => Date.now(), monotonic: () => at.monotonic };
    await using api = await startApi({ clock, auth: 'none', trustedProxies: ['loopback'], rateLimit: 2 });
    const ask = (client: string): ReturnType<typeof api.call> =>
      api.call('GET', '/api/jobs', { headers: { 'x-forwarded-for': client } });
    for (let each = 0; each < 4; each += 1) expect((await ask('203.0.113.9')).status).toBe(200);
    expect(await ask('203.0.113.9')).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1' },
      body: { code: 'too_many_requests', hint: expect.stringContaining('Wait 1 s') as string },
    });
    expect((await ask('203.0.113.10')).status).toBe(200);
    at.monotonic += 500;
    expect((await ask('203.0.113.9')).status).toBe(200);
    expect((await ask('203.0.113.9')).status).toBe(429);
    // One owner of a network of IPv6 is one client, however many addresses it has.
    const hosts = await Promise.all(Array.from({ length: 20 }, (_, host) => ask(`2001:db8::${host + 1}`)));
    expect(hosts.filter(({ status }) => status === 200)).toHaveLength(4);
    for (let each = 0; each < 10; each += 1) expect((await api.call('GET', '/api/jobs')).status).toBe(200);
  });
});

describe('a path that there is not', () => {
  it('is answered with the nearest that there is', async () => {
    await using api = await startApi();
    const hint = async (path: string): Promise<string | undefined> => (await api.fail('GET', path)).hint;
    expect(await hint('/api/jobs/')).toBe('Did you mean /api/jobs?');
    expect(await hint('/jobs/nightly/output')).toBe('/api/openapi.json lists every path that there is.');
    expect(await hint('/api/run/nightly%231/outptu')).toBe('Did you mean /api/runs/nightly%231/output?');
  });
});
