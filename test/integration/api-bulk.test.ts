import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import type { BulkJobsBody, BulkJobsOutcome, BulkRunsOutcome } from '../../src/http/schema/bulk.ts';
import { jobId, type JobId } from '../../src/domain/id.ts';
import type { BulkResult, JobList } from '../../src/http/schema/job-view.ts';
import type { RunList } from '../../src/http/schema/run-view.ts';
import type { ClaimedRun } from '../../src/store/leases.ts';
import type { TestWorker } from '../contract/test-worker.ts';
import { EXIT_1 } from '../contract/test-worker.ts';
import { startApi, type Api } from '../support/api.ts';
import { testWorker } from '../support/api-worker.ts';

let api: Api;
let worker: TestWorker;
beforeAll(async () => {
  api = await startApi();
  worker = testWorker(api.store);
});
afterAll(() => api[Symbol.asyncDispose]());

async function make(count: number, fields: object): Promise<string[]> {
  const jobs = Array.from({ length: count }, () => ({ command: 'true', ...fields }));
  const { body } = await api.call<BulkResult>('POST', '/api/jobs', { body: { jobs } });
  return body.results.flatMap((item) => (item.status === 'refused' ? [] : [item.job.id]));
}

async function claimOne(queue: string): Promise<ClaimedRun> {
  const [held] = (await worker.claim(1, [queue])).claimed;
  if (held === undefined) throw new Error(`nothing was claimed of ${queue}`);
  return held;
}

const jobs = async (body: object, headers = {}): Promise<BulkJobsOutcome> =>
  (await api.call<BulkJobsOutcome>('POST', '/api/jobs/bulk', { body, headers })).body;
const runs = async (body: object, headers = {}): Promise<BulkRunsOutcome> =>
  (await api.call<BulkRunsOutcome>('POST', '/api/runs/bulk', { body, headers })).body;
const statuses = async (query: string): Promise<string[]> =>
  (await api.call<JobList>('GET', `/api/jobs?${query}`)).body.jobs.map(({ status }) => status);
const runsOf = async (query: string): Promise<RunList['runs']> =>
  (await api.call<RunList>('GET', `/api/runs?${query}`)).body.runs;

describe('one action on many jobs', () => {
  it('pauses and resumes what a filter finds, and counts it before', async () => {
    await make(3, { schedule: '@hourly', tags: ['pausing'] });
    await make(1, { run_at: '2099-01-01T00:00:00Z', tags: ['pausing'] });
    const filter = { tag: 'pausing' };
    expect(await jobs({ action: 'pause', filter, dry_run: true })).toEqual({
      action: 'pause',
      dry_run: true,
      matched: 3,
      done: 0,
      refused: [],
      more: false,
      next_cursor: null,
    });
    expect(await statuses('tag=pausing')).not.toContain('paused');
    expect(await jobs({ action: 'pause', filter })).toMatchObject({ matched: 3, done: 3, refused: [] });
    expect(await statuses('tag=pausing&type=cron')).toEqual(['paused', 'paused', 'paused']);
    // What is paused already is not taken again.
    expect(await jobs({ action: 'pause', filter })).toMatchObject({ matched: 0, done: 0 });
    expect(await jobs({ action: 'resume', filter })).toMatchObject({ matched: 3, done: 3 });
    expect(await statuses('tag=pausing&type=cron')).toEqual(['scheduled', 'scheduled', 'scheduled']);
  });

  it('refuses each for itself', async () => {
    const [cron = ''] = await make(1, { schedule: '@hourly', name: 'refusing' });
    const [once = ''] = await make(1, { run_at: '2099-01-01T00:00:00Z' });
    const outcome = await jobs({ action: 'pause', ids: ['refusing', once, 'nobody', cron, 'refusing'] });
    expect(outcome).toMatchObject({ matched: 3, done: 1, more: false });
    expect(outcome.refused.map(({ id, problem }) => [id, problem.code])).toEqual([
      [once, 'not_a_schedule'],
      ['nobody', 'not_found'],
    ]);
  });

  it('does it once to what is named several times', async () => {
    const [id = ''] = await make(1, { schedule: '@hourly', name: 'named', overlap: 'allow' });
    const outcome = await jobs({ action: 'run', ids: ['named', id, id.slice(0, 8), 'named', id.toUpperCase()] });
    expect(outcome.done).toBe(1);
    expect(await runsOf('job=named')).toHaveLength(1);
    expect(await runs({ action: 'cancel', ids: ['named%231', 'named#1', `${id}.1`] })).toMatchObject({
      matched: 2,
      done: 1,
    });
  });

  it('foresees in a dry run what would be refused', async () => {
    const [once = ''] = await make(1, { run_at: '2099-01-01T00:00:00Z', queue: 'foreseen' });
    const [cron = ''] = await make(1, { schedule: '@hourly', queue: 'foreseen' });
    const [idle = ''] = await make(1, { schedule: '@hourly' });
    const [any = ''] = await make(1, { schedule: '@hourly', overlap: 'allow', queue: 'nobodys' });
    const [waits = ''] = await make(1, { schedule: '@hourly', overlap: 'queue', queue: 'nobodys' });
    await jobs({ action: 'run', ids: [cron, any, waits] });
    await worker.finish(await claimOne('foreseen'), EXIT_1);
    await jobs({ action: 'run', ids: [cron] });
    await claimOne('foreseen');
    const ids = [once, cron, idle, any, waits, 'nobody'];
    const foreseen = async (body: object): Promise<(readonly [string, string])[]> => {
      const dry = await jobs({ ids, ...body, dry_run: true });
      expect(dry).toMatchObject({ matched: ids.length, done: 0 });
      return dry.refused.map(({ id, problem }) => [id, problem.code] as const);
    };
    const nobody = ['nobody', 'not_found'];
    expect(await foreseen({ action: 'pause' })).toEqual([[once, 'not_a_schedule'], nobody]);
    expect(await foreseen({ action: 'resume' })).toEqual([[once, 'not_a_schedule'], nobody]);
    expect(await foreseen({ action: 'cancel' })).toEqual([nobody]);
    expect(await foreseen({ action: 'delete' })).toEqual([[cron, 'job_running'], nobody]);
    expect(await foreseen({ action: 'delete', force: true })).toEqual([nobody]);
    expect(await foreseen({ action: 'run' })).toEqual([[once, 'overlap'], [cron, 'overlap'], nobody]);
    expect(await foreseen({ action: 'run', force: true })).toEqual([nobody]);
    // As it comes when it is done.
    const { refused } = await jobs({ action: 'run', ids: [once, cron, idle, any, waits] });
    expect(refused.map(({ id, problem }) => [id, problem.code])).toEqual([
      [once, 'overlap'],
      [cron, 'overlap'],
    ]);

    const named = [`${cron}.1`, `${cron}.2`, `${once}.1`];
    const ofRuns = async (body: object): Promise<string[]> => {
      const { refused: not } = await runs({ ids: named, ...body, dry_run: true });
      return not.map(({ id, problem }) => `${id} ${problem.code}`);
    };
    expect(await ofRuns({ action: 'cancel' })).toEqual([`${cron}.1 run_finished`]);
    const live = [`${cron}.2 run_not_finished`, `${once}.1 run_not_finished`];
    expect(await ofRuns({ action: 'retry' })).toEqual([`${cron}.1 overlap`, ...live]);
    expect(await ofRuns({ action: 'retry', force: true })).toEqual(live);
  });

  it('runs, cancels and deletes', async () => {
    const filter = { queue: 'many' };
    await make(2, { schedule: '@hourly', queue: 'many' });
    const headers = { 'idempotency-key': 'bulk-1' };
    expect(await jobs({ action: 'run', filter }, headers)).toMatchObject({ matched: 2, done: 2, refused: [] });
    // Sent again, it is done already: no job has a second run, and none is refused for the first.
    expect(await jobs({ action: 'run', filter }, headers)).toMatchObject({ matched: 2, done: 2, refused: [] });
    expect(await runsOf('queue=many')).toHaveLength(2);
    const other = await jobs({ action: 'run', filter, force: true }, headers);
    expect(other.refused.map(({ problem }) => problem.code)).toEqual([
      'idempotency_key_reused',
      'idempotency_key_reused',
    ]);
    const overlapping = await jobs({ action: 'run', filter });
    expect(overlapping.refused.map(({ problem }) => problem.code)).toEqual(['overlap', 'overlap']);

    await claimOne('many');
    expect(await jobs({ action: 'delete', filter })).toMatchObject({
      done: 1,
      refused: [{ problem: { code: 'job_running' } }],
    });
    expect(await jobs({ action: 'cancel', filter })).toMatchObject({ matched: 1, done: 1 });
    expect(await runsOf('queue=many&status=running')).toMatchObject([{ cancel_requested: true }]);
    expect(await jobs({ action: 'delete', filter, force: true })).toMatchObject({ done: 1, refused: [] });
    expect(await statuses('queue=many')).toEqual([]);
  });

  it('does a bounded number, says that there is more, and goes on from there', async () => {
    for (let n = 0; n < 3; n += 1) await make(400, { run_at: '2099-01-01T00:00:00Z', queue: 'heap' });
    let outcome = await jobs({ action: 'cancel', filter: { queue: 'heap' } });
    expect(outcome).toMatchObject({ matched: 1_000, done: 1_000, more: true });
    const [later = ''] = await make(1, { run_at: '2099-01-01T00:00:00Z', queue: 'heap' });
    let done = outcome.done;
    while (outcome.more) {
      outcome = await jobs({ action: 'cancel', filter: { queue: 'heap' }, cursor: outcome.next_cursor });
      done += outcome.done;
    }
    expect(done).toBe(1_200);
    // What came meanwhile is left alone.
    expect(await runsOf('queue=heap&status=pending')).toMatchObject([{ job_id: later }]);
  });

  it('cancels a bounded number of runs, goes on from there, and counts none twice that is still being cancelled', async () => {
    await using few = await startApi({ limits: { cancelledRuns: 250 } });
    const client = createClient({ server: few.server.url });
    await using _closing = { [Symbol.asyncDispose]: () => client.close() };
    const claims = testWorker(few.store);
    /** A third of its runs are running. */
    const makeBusy = async (name: string): Promise<JobId> => {
      const body = { command: 'true', schedule: '@yearly', overlap: 'allow', name, queue: name } as const;
      const id = jobId((await client.jobs.create(body)).id);
      const byHand = { job: id, fingerprint: '', trigger: 'manual', force: false } as const;
      const requests = Array.from({ length: 300 }, (_, n) => ({ ...byHand, request: `${name}-${n}` }));
      await Promise.all(requests.map((request) => few.store.trigger(request)));
      await claims.claim(100, [name]);
      return id;
    };
    const swept = async (body: BulkJobsBody): Promise<readonly number[][]> => {
      const steps = await Array.fromAsync(client.jobs.bulk(body));
      expect(steps.flatMap(({ refused }) => refused)).toEqual([]);
      return steps.map(({ matched, done }) => [matched, done]);
    };
    const alone = await makeBusy('alone');
    expect(await client.jobs.cancel('alone')).toMatchObject({ count: 300, more: false });
    const [small, one] = [
      await client.jobs.create({ command: 'true', schedule: '@yearly', name: 'small' }),
      await makeBusy('one'),
    ];
    // Newest first: what is begun and not done is no hindrance to those that are done at the same time.
    expect(await swept({ action: 'cancel', filter: { type: 'cron' } })).toEqual([
      [2, 2],
      [1, 1],
    ]);
    const other = await makeBusy('other');
    expect(await swept({ action: 'cancel', ids: [other, small.id, 'other', one] })).toEqual([
      [2, 2],
      [1, 1],
    ]);
    const told = await Array.fromAsync(client.audit({ job: 'other', action: 'job.cancel' }));
    const counted = told.map(
      ({ targets, detail }) => (targets.find(({ id }) => id === other)?.detail ?? detail)?.['runs'],
    );
    expect(counted).toEqual([50, 250]);
    for (const id of [alone, one, other]) {
      const live = await few.store.liveRuns(id);
      expect(live).toHaveLength(100);
      expect(live.every(({ cancelRequested }) => cancelRequested)).toBe(true);
    }
  });

  it('goes on among the names as they were given, however many of them are of one thing', async () => {
    const [x = '', y = '', z = ''] = await make(3, { schedule: '@hourly' });
    const ids = [x, x.slice(0, 13), x, y, z];
    expect(await jobs({ action: 'pause', ids, cursor: 'i3' })).toMatchObject({ matched: 2, done: 2, more: false });
    expect(await jobs({ action: 'pause', ids, cursor: 'i9999' })).toMatchObject({ matched: 0, more: false });
    const left = { action: 'cancel', ids, cursor: `more:${x}@7:i4` };
    expect(await jobs(left)).toMatchObject({ matched: 2, done: 2, more: false });
  });

  it.each([
    'more::i5',
    'more:a:i5',
    'more:a@:i5',
    'more:a@x:i5',
    'more:a@1,:i5',
    'more:a@1:',
    'more:a@1:i',
    'more:a@1:more:b@1:i5',
  ])('is refused with a place that no answer gave: %s', async (cursor) => {
    for (const body of [
      { action: 'pause', ids: ['x'], cursor },
      { action: 'pause', filter: {}, cursor },
    ]) {
      expect(await api.fail('POST', '/api/jobs/bulk', { body })).toMatchObject({ status: 400, field: 'cursor' });
    }
  });

  it('is refused without a filter or names, or with both', async () => {
    for (const [body, field] of [
      [{ action: 'pause' }, 'filter'],
      [{ action: 'pause', filter: {}, ids: ['x'] }, 'filter'],
      [{ action: 'pause', ids: ['x'], cursor: 'j1.1' }, 'cursor'],
      [{ action: 'burn', filter: {} }, 'action'],
      [{ action: 'pause', filter: { tags: 'x' } }, 'filter.tags'],
      [{ action: 'pause', filter: { limit: 3 } }, 'filter.limit'],
      [{ action: 'delete', filter: { status: [] } }, 'filter.status'],
      [{ action: 'delete', filter: { q: '' } }, 'filter.q'],
      [{ action: 'delete', filter: { tag: '' } }, 'filter.tag'],
      [{ action: 'pause', filter: {}, cursor: 'x' }, 'cursor'],
      [{ action: 'pause', ids: [] }, 'ids'],
    ] as const) {
      expect(await api.fail('POST', '/api/jobs/bulk', { body })).toMatchObject({ status: 400, field });
    }
  });
});

describe('one action on many runs', () => {
  it('cancels those that live, and retries those that have ended', async () => {
    const filter = { queue: 'runs' };
    await make(3, { queue: 'runs' });
    await worker.finish(await claimOne('runs'), EXIT_1);
    expect(await runs({ action: 'cancel', filter, dry_run: true })).toMatchObject({ matched: 2, done: 0 });
    expect(await runs({ action: 'cancel', filter })).toMatchObject({ matched: 2, done: 2, refused: [] });
    expect(await runs({ action: 'cancel', filter })).toMatchObject({ matched: 0 });

    const headers = { 'idempotency-key': 'bulk-2' };
    const retried = { action: 'retry', filter: { ...filter, status: ['failed'], reason: ['exit'] } };
    expect(await runs(retried, headers)).toMatchObject({ matched: 1, done: 1 });
    expect(await runs(retried, headers)).toMatchObject({ matched: 1, done: 1 });
    expect(await runsOf('queue=runs&trigger=retry')).toHaveLength(1);
  });

  it('refuses each for itself', async () => {
    const [id = ''] = await make(1, { queue: 'one' });
    const named = { ids: [`${id}.1`, `${id.slice(0, 8)}#1`, 'nobody#1'] };
    expect((await runs({ action: 'retry', ...named })).refused).toMatchObject([
      { id: `${id}.1`, problem: { code: 'run_not_finished' } },
      { id: 'nobody#1', problem: { code: 'not_found' } },
    ]);
    await worker.finish(await worker.claimed(['one']));
    expect((await runs({ action: 'cancel', ids: [`${id}.1`] })).refused).toMatchObject([
      { id: `${id}.1`, problem: { code: 'run_finished' } },
    ]);
    expect(
      await api.fail('POST', '/api/runs/bulk', { body: { action: 'cancel', filter: { job: 'nobody' } } }),
    ).toMatchObject({ status: 404 });
  });
});
