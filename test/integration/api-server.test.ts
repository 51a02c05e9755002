import { createServer } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { PreviewView } from '../../src/http/schema/preview.ts';
import type { QueueList } from '../../src/http/schema/queue.ts';
import type { ReadyView, StatsView, WorkerList } from '../../src/http/schema/system.ts';
import { JobschedError } from '../../src/errors.ts';
import { bearer, makeKey } from '../support/access.ts';
import { overridden, startApi } from '../support/api.ts';
import { testWorker } from '../support/api-worker.ts';
import { within } from '../support/wait.ts';

describe('the port', () => {
  it('is the same for both loopback addresses', async () => {
    await using api = await startApi();
    for (const host of ['127.0.0.1', '[::1]', 'localhost']) {
      expect((await fetch(`http://${host}:${api.server.port}/livez`)).status).toBe(200);
    }
    expect(api.server.url).toBe(`http://localhost:${api.server.port}`);
  });

  it.each(['127.0.0.1', '::1'])('says which flag to use when it is taken on %s', async (host) => {
    const other = createServer().listen(0, host);
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await expect(startApi({ port })).rejects.toMatchObject({
      code: 'port_in_use',
      field: '--port',
      message: expect.stringContaining(String(port)) as string,
      hint: expect.stringMatching(/--port (\d+)\n.*--server http:\/\/localhost:\1 \(or JOBSCHED_SERVER\)/) as string,
    });
    other.close();
  });

  it('cannot be on an address of another machine', async () => {
    await expect(startApi({ host: '203.0.113.1' })).rejects.toMatchObject({
      code: 'address_unavailable',
      field: '--host',
    });
  });
});

describe('starting and stopping', () => {
  it('can be done hard, in any order, and leaves nothing', async () => {
    const { server, [Symbol.asyncDispose]: dispose } = await startApi();
    await Promise.all([server.start(), server.stop(), server.stop()]);
    await server.stop();
    await expect(fetch(`${server.url}/livez`)).rejects.toThrow('fetch failed');
    await dispose();
  });

  it('ends what streams, and answers what is under way', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    await using api = await startApi({
      wrapStore: (store) =>
        overridden(store, {
          counts: async () => {
            asked();
            await held;
            return store.counts();
          },
        }),
    });
    const { body: job } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } });
    await testWorker(api.store).claimed();
    const followed = await api.open(`/api/runs/${job.id}.1/output?follow=1`);
    const events = await api.open('/api/events');
    const stats = api.call('GET', '/api/stats');
    await isAsked;
    const stopped = api.server.stop();
    expect(await within(5_000, followed.body.text(), () => 'the output goes on')).toBe('');
    await within(5_000, events.body.text(), () => 'the events go on');
    release();
    expect((await stats).status).toBe(200);
    await within(5_000, stopped, () => 'the server does not stop');
  });

  it('cuts off what takes too long', async () => {
    await using api = await startApi({
      limits: { stopTimeoutMs: 50 },
      wrapStore: (store) => overridden(store, { counts: () => new Promise<never>(() => undefined) }),
    });
    const stats = api.call('GET', '/api/stats').catch(() => 'cut off');
    await api.call('GET', '/livez');
    await within(5_000, api.server.stop(), () => 'the server does not stop');
    expect(await stats).toBe('cut off');
  });
});

describe('looking at the whole', () => {
  it('workers, queues and numbers', async () => {
    await using api = await startApi();
    await api.call('POST', '/api/jobs', { body: { command: 'true', queue: 'gpu' } });
    await api.call('POST', '/api/jobs', { body: { command: 'true', schedule: '@daily' } });
    await testWorker(api.store).heartbeat({ queues: ['default', 'gpu'], concurrency: 4, running: 1 });
    const { body: workers } = await api.call<WorkerList>('GET', '/api/workers');
    expect(workers.workers).toMatchObject([{ name: 'web-1', alive: true, queues: ['default', 'gpu'] }]);
    const { body: queues } = await api.call<QueueList>('GET', '/api/queues');
    const gpu = { name: 'gpu', queued: 1, running: 0, paused: false, max_running: null, workers: 1 };
    expect(queues.queues).toContainEqual(gpu);
    const { body: stats } = await api.call<StatsView>('GET', '/api/stats');
    expect(stats).toMatchObject({
      version: '0.0.0-test',
      workers: { alive: 1, slots: 4, busy: 1 },
      runs: { pending: 1 },
    });
    expect(stats.jobs).toMatchObject({ once: 1, scheduled: 1 });
  });

  it('says which part is not ready', async () => {
    let broken = false;
    await using api = await startApi({
      parts: [{ name: 'scheduler', check: () => ({ ready: !broken, detail: 'it fires' }) }],
      wrapStore: (store) =>
        overridden(store, {
          health: () => (broken ? Promise.reject(new JobschedError('engine_unavailable', 'gone')) : store.health()),
        }),
    });
    expect((await api.call<ReadyView>('GET', '/readyz')).body.status).toBe('ok');
    broken = true;
    const { status, body } = await api.call<ReadyView>('GET', '/readyz');
    expect(status).toBe(503);
    expect(body.parts).toMatchObject([
      { name: 'engine', ready: false, detail: expect.stringContaining('gone') as string },
      { name: 'scheduler', ready: false },
    ]);
    // Where the data lies and what is wrong with it is nothing for whoever reaches the port.
    const outside = { 'x-forwarded-for': '192.0.2.1' };
    const told = await api.call<ReadyView>('GET', '/readyz', { headers: outside });
    expect(told.status).toBe(503);
    expect(told.body.parts).toEqual([
      { name: 'engine', ready: false, detail: null },
      { name: 'scheduler', ready: false, detail: null },
    ]);
    const headers = { ...outside, ...bearer(await makeKey(api.store, 'probe', 'viewer')) };
    expect((await api.call<ReadyView>('GET', '/readyz', { headers })).body.parts).toEqual(body.parts);
    expect((await api.call('GET', '/livez')).status).toBe(200);
  });

  it.each([
    ['engine_full', 507],
    ['engine_unavailable', 503],
    ['engine_read_only', 503],
  ] as const)('tells of an engine that is %s', async (code, status) => {
    await using api = await startApi({
      wrapStore: (store) =>
        overridden(store, {
          createJobs: () => Promise.reject(new JobschedError(code, 'the disk is full', { hint: 'Make room.' })),
        }),
    });
    const problem = await api.fail('POST', '/api/jobs', { body: { command: 'true' } });
    expect(problem).toMatchObject({ status, code, hint: 'Make room.' });
  });
});

describe('a schedule', () => {
  it('is previewed in its zone, in words, with what summer time does to it', async () => {
    await using api = await startApi();
    const body = { schedule: '0 30 2 * * *', timezone: 'Europe/Berlin', starts_at: '2027-03-27T00:00:00Z', count: 3 };
    const { body: preview } = await api.call<PreviewView>('POST', '/api/schedules/preview', { body });
    expect(preview).toMatchObject({ timezone: 'Europe/Berlin', words: 'At 02:30, every day' });
    expect(preview.slots.map(({ local }) => local)).toEqual([
      '2027-03-27T02:30:00+01:00',
      '2027-03-28T03:00:00+02:00',
      '2027-03-29T02:30:00+02:00',
    ]);
    expect(preview.notes).toEqual([preview.slots[1]?.note]);
  });

  it('that cannot be read is refused as a job with it would be', async () => {
    await using api = await startApi();
    const fail = (body: object): ReturnType<typeof api.fail> => api.fail('POST', '/api/schedules/preview', { body });
    expect(await fail({ schedule: '61 * * * *' })).toMatchObject({
      status: 400,
      code: 'invalid_schedule',
      field: 'schedule',
    });
    expect(await fail({ schedule: '@daily', timezone: 'Nowhere' })).toMatchObject({ field: 'timezone' });
    expect(await fail({ schedule: '' })).toMatchObject({ code: 'invalid_request', field: 'schedule' });
    expect(await fail({ schedule: 'x'.repeat(2 ** 19) })).toMatchObject({ status: 400, field: 'schedule' });
    expect(await fail({ schedule: '@daily', count: 101 })).toMatchObject({ field: 'count' });
    const backwards = { schedule: '@daily', starts_at: '2030-01-02T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' };
    expect(await fail(backwards)).toMatchObject({ code: 'invalid_request', field: 'ends_at' });
  });
});

describe('the page', () => {
  const html = '<!doctype html>'.repeat(50);
  const page = {
    files: {
      '/index.html': {
        type: 'text/html; charset=utf-8',
        immutable: false,
        identity: Buffer.from(html).toString('base64'),
        brotli: brotliCompressSync(html).toString('base64'),
      },
      '/main-1a2b.js': {
        type: 'text/javascript',
        immutable: true,
        identity: Buffer.from('1').toString('base64'),
        brotli: null,
      },
    },
  };

  it('answers its views and files, strictly guarded, and nothing else', async () => {
    await using api = await startApi({ page });
    for (const path of [
      '/',
      '/jobs',
      '/jobs/nightly',
      '/jobs/nightly/definition',
      '/runs/x.1',
      '/workers',
      '/settings/keys',
      '/login',
      '/index.html',
    ]) {
      const answer = await api.call('GET', path);
      expect(answer).toMatchObject({ status: 200, text: html, headers: { 'cache-control': 'no-cache' } });
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
      expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(answer.headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
    }
    const script = await api.call('GET', '/main-1a2b.js', { headers: { 'accept-encoding': 'br' } });
    expect(script).toMatchObject({
      text: '1',
      headers: { 'cache-control': expect.stringContaining('immutable') as string },
    });
    for (const path of ['/jobs/a/b', '/favicon', '/api', '/apix', '/main-1a2b.js/']) {
      expect(await api.fail('GET', path)).toMatchObject({ status: 404 });
    }
    expect(await api.fail('POST', '/')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('is compressed and not sent twice', async () => {
    await using api = await startApi({ page });
    const compressed = await api.call('GET', '/', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'br', vary: 'Accept-Encoding' });
    expect((await api.call('GET', '/', { headers: { 'accept-encoding': 'br;q=0' } })).text).toBe(html);
    const { headers } = await api.call('GET', '/');
    const again = await api.call('GET', '/', { headers: { 'if-none-match': String(headers['etag']) } });
    expect(again).toMatchObject({ status: 304, text: '' });
  });
});

describe('the document', () => {
  it('is what the repository holds, but for the version', async () => {
    await using api = await startApi();
    const { body } = await api.call<Record<string, { version: string }>>('GET', '/api/openapi.json');
    const held = JSON.parse(await readFile('docs/openapi.json', 'utf8')) as typeof body;
    expect({ ...body, info: { ...body['info'], version: held['info']?.version } }).toEqual(held);
  });
});
