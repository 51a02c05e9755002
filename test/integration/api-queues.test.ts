import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type Client } from '../../src/client/client.ts';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { QueueList, QueueView } from '../../src/http/schema/queue.ts';
import type { RunDetail } from '../../src/http/schema/run-view.ts';
import { startApi, type Api } from '../support/api.ts';
import { testWorker } from '../support/api-worker.ts';

let api: Api;
let client: Client;
beforeAll(async () => {
  api = await startApi();
  client = createClient({ server: api.server.url });
});
afterAll(async () => {
  await client.close();
  await api[Symbol.asyncDispose]();
});

/** @returns the run's id. */
async function submit(queue: string): Promise<string> {
  const { body } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true', queue } });
  return `${body.id}.1`;
}

const waitingFor = async (run: string): Promise<string | null> =>
  (await api.call<RunDetail>('GET', `/api/runs/${run}`)).body.waiting_for;

const set = async (
  method: 'POST' | 'PATCH',
  path: string,
  body: object = {},
): Promise<{ readonly status: number; readonly body: QueueView }> =>
  api.call<QueueView>(method, `/api/queues/${path}`, { body });

describe('a worker', () => {
  it('is found by its id or its name, and drains', async () => {
    const workers = [testWorker(api.store, 'drained'), testWorker(api.store, 'twin'), testWorker(api.store, 'twin')];
    for (const each of workers) await each.heartbeat();
    const id = workers[0]?.owner ?? '';
    expect(await client.worker('drained')).toMatchObject({ id, state: 'active' });
    for (const ref of [id, 'drained']) {
      expect(await client.drainWorker(ref)).toMatchObject({ id, state: 'draining', alive: true });
    }
    expect(await client.worker(id)).toMatchObject({ state: 'draining' });
    expect(await api.fail('POST', '/api/workers/twin/drain')).toMatchObject({ status: 409, code: 'ambiguous' });
    for (const each of workers) await each.heartbeat({ state: 'stopped' });
    for (const ref of [id, 'drained', 'nobody']) {
      expect(await api.fail('POST', `/api/workers/${ref}/drain`)).toMatchObject({ status: 404, code: 'not_found' });
    }
  });
});

describe('a queue', () => {
  it('is paused and resumed, again and again', async () => {
    const run = await submit('nightly');
    const worker = testWorker(api.store);
    await worker.heartbeat({ queues: ['nightly'] });
    const queue = { name: 'nightly', queued: 1, running: 0, paused: false, max_running: null, workers: 1 };
    for (let n = 0; n < 2; n++) {
      expect(await set('POST', 'nightly/pause')).toMatchObject({ status: 200, body: { ...queue, paused: true } });
    }
    expect(await waitingFor(run)).toBe('queue nightly is paused');
    expect(await worker.claimedIds(5, ['nightly'])).toEqual([]);
    for (let n = 0; n < 2; n++) {
      expect(await set('POST', 'nightly/resume')).toMatchObject({ status: 200, body: queue });
    }
    expect(await waitingFor(run)).toBe('a worker to take it');
    expect(await worker.claimedIds(5, ['nightly'])).toEqual([run]);
  });

  it('is limited, and says so of what waits', async () => {
    const runs = [await submit('gpu'), await submit('gpu'), await submit('gpu')];
    const worker = testWorker(api.store, 'web-2');
    await worker.heartbeat({ queues: ['gpu'] });
    expect((await set('PATCH', 'gpu', { max_running: 2 })).body).toMatchObject({ max_running: 2, paused: false });
    expect(await waitingFor(runs[2] ?? '')).toBe('a worker to take it');
    expect(await worker.claimedIds(5, ['gpu'])).toEqual(runs.slice(0, 2));
    expect(await waitingFor(runs[2] ?? '')).toBe('queue gpu runs 2 of 2 at once');
    const { body: list } = await api.call<{ runs: RunDetail[] }>('GET', '/api/runs?queue=gpu&status=pending');
    expect(list.runs).toMatchObject([{ id: runs[2], waiting_for: 'queue gpu runs 2 of 2 at once' }]);
    expect((await set('PATCH', 'gpu')).body).toMatchObject({ queued: 1, running: 2, max_running: 2 });
    expect((await set('POST', 'gpu/pause')).body).toMatchObject({ max_running: 2, paused: true });
    expect((await set('PATCH', 'gpu', { max_running: null })).body).toMatchObject({ max_running: null, paused: true });
    expect((await set('POST', 'gpu/resume')).body).toMatchObject({ max_running: null, paused: false });
    expect(await worker.claimedIds(5, ['gpu'])).toEqual(runs.slice(2));
  });

  it('can be set before anything waits in it, where a worker serves it, and stays in the list', async () => {
    await testWorker(api.store, 'web-3').heartbeat({ queues: ['later', 'host:web-3'], state: 'stopped' });
    await set('PATCH', 'later', { max_running: 1 });
    await set('POST', 'host:web-3/pause');
    await set('POST', 'default/pause');
    await set('POST', 'default/resume');
    const { body } = await api.call<QueueList>('GET', '/api/queues');
    expect(body.queues).toContainEqual(expect.objectContaining({ name: 'later', max_running: 1, workers: 0 }));
    expect(body.queues).toContainEqual(expect.objectContaining({ name: 'host:web-3', paused: true }));
    expect(body.queues).toContainEqual(expect.objectContaining({ name: 'default', paused: false }));
  });

  it('is set by the client', async () => {
    await testWorker(api.store, 'web-4').heartbeat({ queues: ['host:web-4'] });
    expect(await client.pauseQueue('host:web-4')).toMatchObject({ name: 'host:web-4', paused: true, workers: 1 });
    expect(await client.updateQueue('host:web-4', { max_running: 3 })).toMatchObject({ paused: true, max_running: 3 });
    expect(await client.resumeQueue('host:web-4')).toMatchObject({ paused: false, max_running: 3 });
    await expect(client.pauseQueue('no/such?queue')).rejects.toMatchObject({ code: 'invalid_request', field: 'name' });
  });
});

describe('what is wrong with setting a queue', () => {
  it.each([
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['PATCH', ''],
  ] as const)('is told: %s /api/queues/:name%s', async (method, action) => {
    expect(await api.fail(method, `/api/queues/gup${action}`, { body: {} })).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: 'there is no queue "gup"',
    });
    expect(await api.fail(method, `/api/queues/a%20b${action}`, { body: {} })).toMatchObject({
      status: 400,
      code: 'invalid_request',
      field: 'name',
    });
    expect((await api.call<QueueList>('GET', '/api/queues')).body.queues.map(({ name }) => name)).not.toContain('gup');
  });

  it.each([
    [{ max_running: 0 }, 'max_running', 'must be at least 1'],
    [{ max_running: 1.5 }, 'max_running', 'must be a whole number'],
    [{ max_running: '2' }, 'max_running', 'must be a number'],
    [{ max_running: 100_001 }, 'max_running', 'must be at most 100,000'],
    [{ max_runing: 2 }, 'max_runing', 'is no field that jobsched knows'],
  ])('is told: %j', async (body, field, message) => {
    expect(await api.fail('PATCH', '/api/queues/default', { body })).toMatchObject({
      status: 400,
      field,
      errors: [{ field, message }],
    });
  });

  it('is told when the body is missing', async () => {
    expect(await api.fail('PATCH', '/api/queues/default')).toMatchObject({ status: 400, code: 'invalid_request' });
  });
});
