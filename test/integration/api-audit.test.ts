/** The audit log of requests about many things, and of those that broke off. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntryView, AuditList } from '../../src/http/schema/access.ts';
import type { BulkResult, JobView } from '../../src/http/schema/job-view.ts';
import { JobschedError } from '../../src/errors.ts';
import type { NewAuditEntry } from '../../src/store/audit.ts';
import { HOUR } from '../../src/domain/instant.ts';
import type { Store } from '../../src/store/store.ts';
import { bearer, makeKey } from '../support/access.ts';
import { overridden, startApi, type Api } from '../support/api.ts';

/** What the store does of which only some is done. */
const broken: Partial<Store> = {};

let api: Api;
beforeAll(async () => {
  api = await startApi({
    wrapStore: (store) =>
      new Proxy(store, {
        get: (_, name): unknown => Reflect.get(overridden(store, broken), name),
      }),
  });
});
afterAll(() => api[Symbol.asyncDispose]());

async function make(count: number, fields: object): Promise<string[]> {
  const jobs = Array.from({ length: count }, () => ({ command: 'true', ...fields }));
  const { body } = await api.call<BulkResult>('POST', '/api/jobs', { body: { jobs } });
  return body.results.flatMap((item) => (item.status === 'refused' ? [] : [item.job.id]));
}

async function told(query: string): Promise<AuditEntryView[]> {
  return (await api.call<AuditList>('GET', `/api/audit?${query}`)).body.entries;
}

const actionsOn = async (job: string | undefined): Promise<string[]> =>
  (await told(`job=${job}`)).map(({ action }) => action);

describe('what one request did to many', () => {
  it('is found by each of them', async () => {
    const ids = await make(120, { schedule: '@hourly', tags: ['audited'] });
    const filter = { tag: 'audited' };
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'pause', filter, dry_run: true } });
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'pause', filter } });
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'resume', ids: [ids[0], ids[119]] } });
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'run', ids: [ids[0]] } });
    await api.call('POST', '/api/runs/bulk', { body: { action: 'cancel', ids: [`${ids[0]}.1`] } });
    await api.call('POST', '/api/runs/bulk', { body: { action: 'cancel', filter: {} } });
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'delete', ids: [ids[119]] } });
    expect(await actionsOn(ids[0])).toEqual(['run.cancel', 'job.run', 'job.resume', 'job.pause', 'job.create']);
    expect(await actionsOn(ids[57])).toEqual(['job.pause', 'job.create']);
    expect(await actionsOn(ids[119])).toEqual(['job.delete', 'job.resume', 'job.pause', 'job.create']);
    const paused = await told('action=job.pause');
    expect(paused.map(({ target, targets }) => [target, targets.length])).toEqual([
      [null, 20],
      [null, 100],
    ]);
    expect(paused.flatMap(({ targets }) => targets.map(({ id }) => id)).toSorted()).toEqual(ids.toSorted());
    expect(paused[0]?.detail).toEqual({ bulk: '{"tag":"audited"}', count: 120 });
    expect(await told(`action=job.run`)).toMatchObject([
      { target: `${ids[0]}.1`, targets: [], detail: { bulk: 'ids' } },
    ]);
  });

  it('is not told where nothing was done', async () => {
    const before = await told('');
    await api.call('POST', '/api/jobs', { body: { jobs: [{ command: '' }, { command: 'x', shedule: '' }] } });
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'pause', ids: ['nobody'] } });
    await api.call('POST', '/api/jobs/bulk', { body: { action: 'cancel', filter: { tag: 'nothing' } } });
    expect(await told('')).toEqual(before);
  });

  it('is told once when it is sent again', async () => {
    const send = async (): Promise<string[]> => {
      const body = { jobs: [{ command: 'true' }, { command: 'true' }] };
      const { body: made } = await api.call<BulkResult>('POST', '/api/jobs', {
        body,
        headers: { 'idempotency-key': 'a' },
      });
      return made.results.flatMap((item) => (item.status === 'refused' ? [] : [item.job.id]));
    };
    const [first] = await send();
    await send();
    expect(await actionsOn(first)).toEqual(['job.create']);
  });
});

it('is not looked for among what was done before there was the job', async () => {
  let now = Date.UTC(2030, 0, 1);
  await using old = await startApi({ clock: { now: () => now, monotonic: () => performance.now() } });
  const by = { who: 'ci', kind: 'key', keyId: null, role: 'admin', address: '::1', action: 'job.run' } as const;
  const entry = (): NewAuditEntry => ({ id: randomUUID(), ...by, target: 'x', targets: [], detail: {} });
  for (let each = 0; each < 5; each += 1) await old.store.appendAudit(Array.from({ length: 250 }, entry));
  now += 2 * HOUR;
  const { body: job } = await old.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } });
  const { body: log } = await old.call<AuditList>('GET', `/api/audit?job=${job.id}`);
  expect(log).toMatchObject({ entries: [{ target: job.id }], next_cursor: null });
});

describe('of a request that broke off', () => {
  it('what it made is told', async () => {
    let calls = 0;
    broken.createJobs = async (jobs, submit) => {
      calls += 1;
      if (calls === 1) throw new Error('broken');
      return api.store.createJobs(jobs, submit);
    };
    const jobs = Array.from({ length: 251 }, () => ({ command: 'true', tags: ['broken'] }));
    expect((await api.call('POST', '/api/jobs', { body: { jobs } })).status).toBe(500);
    delete broken.createJobs;
    const { body } = await api.call<{ jobs: JobView[] }>('GET', '/api/jobs?tag=broken');
    expect(body.jobs).toHaveLength(1);
    expect(await actionsOn(body.jobs[0]?.id)).toEqual(['job.create']);
  });

  it('what it cancelled is told', async () => {
    const [id = ''] = await make(1, { schedule: '@hourly', overlap: 'allow', name: 'cancelled-in-part' });
    for (let each = 0; each < 3; each += 1) await api.call('POST', `/api/jobs/${id}/run`);
    broken.cancel = async (run) => {
      if (run === `${id}.2`) throw new Error('broken');
      return api.store.cancel(run);
    };
    expect((await api.call('POST', `/api/jobs/${id}/cancel`)).status).toBe(500);
    expect((await api.call('POST', '/api/jobs/bulk', { body: { action: 'cancel', ids: [id] } })).status).toBe(500);
    delete broken.cancel;
    const name = 'cancelled-in-part';
    expect(await told(`job=${name}&action=job.cancel`)).toMatchObject([{ target: id, detail: { name, runs: 2 } }]);
  });

  it('what it set is told', async () => {
    const [id] = await make(1, { queue: 'told', run_at: '2099-01-01T00:00:00Z' });
    expect(id).toBeDefined();
    broken.setQueue = async (name, change) => {
      await api.store.setQueue(name, change);
      broken.queues = () => Promise.reject(new Error('broken'));
    };
    expect((await api.call('PATCH', '/api/queues/told', { body: { max_running: 3 } })).status).toBe(500);
    delete broken.setQueue;
    delete broken.queues;
    expect(await told('action=queue.update')).toMatchObject([{ target: 'told', detail: { max_running: 3 } }]);
  });
});

describe('what was done, and not confirmed', () => {
  const unsure = new JobschedError('not_replicated', 'done, and not confirmed', { mayBeDone: true });

  /** Does it, and does not answer. */
  function confirmNothing<Name extends keyof Store>(name: Name): void {
    const act = Reflect.get(api.store, name) as unknown as (...given: unknown[]) => Promise<unknown>;
    Reflect.set(broken, name, async (...given: unknown[]): Promise<never> => {
      await act.apply(api.store, given);
      throw unsure;
    });
  }

  async function refused(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<void> {
    expect(await api.call(method, path, body === undefined ? {} : { body })).toMatchObject({ status: 503 });
  }

  const unconfirmed = 'not_replicated';

  it('is told as such, whatever it was', async () => {
    const [id = ''] = await make(1, { schedule: '@hourly', name: 'unsure', queue: 'unsure', overlap: 'allow' });
    await api.call('POST', `/api/jobs/${id}/run`);
    const changing = [
      'createJobs',
      'updateJob',
      'pauseJob',
      'resumeJob',
      'deleteJob',
      'trigger',
      'cancel',
      'setQueue',
    ] as const;
    for (const name of changing) confirmNothing(name);
    try {
      await refused('POST', '/api/jobs', { command: 'true', name: 'unsure-1' });
      const many = { jobs: [{ command: 'true', name: 'unsure-2' }] };
      expect(await api.call('POST', '/api/jobs', { body: many })).toMatchObject({ body: { refused: 1 } });
      await refused('PATCH', `/api/jobs/${id}`, { priority: 3 });
      await refused('POST', `/api/jobs/${id}/pause`);
      await refused('POST', `/api/jobs/${id}/resume`);
      await refused('POST', `/api/jobs/${id}/run`);
      await refused('POST', `/api/jobs/${id}/run`, { changes: { command: 'false' } });
      await refused('POST', `/api/runs/${id}.1/cancel`);
      await refused('POST', `/api/jobs/${id}/cancel`);
      await refused('POST', '/api/queues/unsure/pause');
      await refused('DELETE', `/api/jobs/${id}?force=true`);
    } finally {
      for (const name of changing) delete broken[name];
    }
    const last = (await told('limit=12')).toReversed().map(({ action, target, detail }) => [action, target, detail]);
    const any: unknown = expect.any(String);
    const name = 'unsure';
    expect(last).toEqual([
      ['job.run', `${id}.1`, { name }],
      ['job.create', any, { name: 'unsure-1', unconfirmed }],
      ['job.create', any, { name: 'unsure-2', unconfirmed }],
      ['job.update', id, { name, fields: 'priority', unconfirmed }],
      ['job.pause', id, { name, unconfirmed }],
      ['job.resume', id, { name, unconfirmed }],
      ['job.run', id, { unconfirmed }],
      ['job.run', any, { unconfirmed }],
      ['run.cancel', `${id}.1`, { name, unconfirmed }],
      ['job.cancel', id, { name, unconfirmed }],
      ['queue.pause', 'unsure', { unconfirmed }],
      ['job.delete', id, { name, force: true, unconfirmed }],
    ]);
  });

  it('is not told when it cannot be', async () => {
    const before = await told('');
    broken.createJobs = () => Promise.reject(new JobschedError('engine_unavailable', 'away'));
    await refused('POST', '/api/jobs', { command: 'true' });
    delete broken.createJobs;
    expect(await told('')).toEqual(before);
  });
});

it('a key that is made or revoked, and not confirmed, is told, and valid no more at once', async () => {
  const unsure = async (act: Promise<unknown>): Promise<never> => {
    await act;
    throw new JobschedError('not_replicated', 'done, and not confirmed', { mayBeDone: true });
  };
  await using keyed = await startApi({
    auth: 'keys',
    wrapStore: (store) =>
      overridden(store, {
        createKey: (key) => unsure(store.createKey(key)),
        revokeKey: (id) => unsure(store.revokeKey(id)),
      }),
  });
  const headers = bearer(await makeKey(keyed.store, 'boss', 'admin'));
  const revoked = bearer(await makeKey(keyed.store, 'ci', 'operator'));
  expect((await keyed.call('GET', '/api/jobs', { headers: revoked })).status).toBe(200);
  expect((await keyed.call('DELETE', '/api/keys/ci', { headers })).status).toBe(503);
  expect((await keyed.call('GET', '/api/jobs', { headers: revoked })).status).toBe(401);
  expect((await keyed.call('POST', '/api/keys', { headers, body: { name: 'ci' } })).status).toBe(503);
  const { body } = await keyed.call<AuditList>('GET', '/api/audit', { headers });
  expect(body.entries).toMatchObject([
    { action: 'key.create', detail: { name: 'ci', role: 'operator', unconfirmed: 'not_replicated' } },
    { action: 'key.revoke', detail: { name: 'ci', role: 'operator', unconfirmed: 'not_replicated' } },
  ]);
});
