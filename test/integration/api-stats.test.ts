import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { CalendarView } from '../../src/http/schema/calendar.ts';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { JobStats, Series } from '../../src/http/schema/stats.ts';
import { toSample } from '../../src/store/samples.ts';
import type { TestWorker } from '../contract/test-worker.ts';
import { EXIT_1, SUCCEEDED } from '../contract/test-worker.ts';
import { startApi, type Api } from '../support/api.ts';
import { testWorker } from '../support/api-worker.ts';
import { fakeClock, START } from '../support/clock.ts';

const clock = fakeClock();
let api: Api;
let worker: TestWorker;
beforeAll(async () => {
  api = await startApi({ clock });
  worker = testWorker(api.store);
});
afterAll(() => api[Symbol.asyncDispose]());

async function sample(): Promise<void> {
  const { store } = api;
  await store.keepSample(toSample(await store.now(), await store.totals(), await store.queues()));
}

const series = async (query = ''): Promise<Series> =>
  (await api.call<Series>('GET', `/api/stats/series?${query}`)).body;
const at = (ms: number): string => new Date(START + ms).toISOString();

describe('a series', () => {
  it('is made of what happened between samples, and of what is now', async () => {
    expect((await series()).points).toEqual([]);
    await sample();
    clock.advance(MINUTE);
    await sample();
    for (const durationMs of [50, 50, 3_000]) {
      await api.call('POST', '/api/jobs', { body: { command: 'true', queue: 'charts', run_at: at(0) } });
      await worker.finish(await worker.claimed(['charts']), durationMs > 100 ? EXIT_1 : SUCCEEDED, { durationMs });
    }
    await api.call('POST', '/api/jobs', { body: { command: 'true', queue: 'waits' } });
    clock.advance(MINUTE);
    await sample();
    clock.advance(30 * SECOND);
    await api.call('POST', '/api/jobs', { body: { command: 'true', queue: 'waits' } });

    const { step_seconds: step, points } = await series(`since=${at(0)}&points=100`);
    expect(step).toBe(60);
    expect(points.map(({ time }) => time)).toEqual([at(0), at(MINUTE), at(2 * MINUTE)]);
    const none = { p50: null, p95: null };
    expect(points[0]).toEqual({
      time: at(0),
      ended: { succeeded: 0, failed: 0, cancelled: 0, skipped: 0 },
      started_late: 0,
      queued: 0,
      running: 0,
      duration_ms: none,
      lateness_ms: none,
    });
    expect(points[1]).toMatchObject({
      ended: { succeeded: 2, failed: 1, cancelled: 0, skipped: 0 },
      queued: 1,
      duration_ms: { p50: 78, p95: 4_400 },
      // A minute late, each of them.
      lateness_ms: { p50: 45_000, p95: 58_500 },
    });
    expect(points[2]).toMatchObject({ ended: { succeeded: 0 }, queued: 2, duration_ms: none });

    const whole = await series(`since=${at(-DAY)}&points=2`);
    expect(whole.points.map(({ ended }) => ended.succeeded)).toEqual([2]);
  });

  it('says where nobody looked', async () => {
    clock.set(START + 2 * HOUR);
    await sample();
    const { points } = await series(`since=${at(HOUR)}&until=${at(HOUR + 10 * MINUTE)}&points=10`);
    expect(points).toHaveLength(10);
    expect(points[5]).toMatchObject({ queued: null, running: null, ended: { succeeded: 0 } });
  });

  it('is of hours when it is long ago, and bounded however long', async () => {
    clock.set(START + 10 * DAY);
    await sample();
    expect((await series(`since=${at(0)}&until=${at(3 * HOUR)}&points=500`)).step_seconds).toBe(3_600);
    const all = await series('since=1970-01-01T00:00:00Z&points=500');
    expect(all.points.length).toBeLessThanOrEqual(501);
    expect((await series(`since=${at(11 * DAY)}&until=${at(12 * DAY)}`)).points).toEqual([]);
  });

  it('is refused for what it cannot be', async () => {
    for (const [query, field] of [
      [`since=${at(HOUR)}&until=${at(0)}`, 'since'],
      ['points=0', 'points'],
      ['points=501', 'points'],
      ['since=yesterday', 'since'],
    ] as const) {
      expect(await api.fail('GET', `/api/stats/series?${query}`)).toMatchObject({ status: 400, field });
    }
  });
});

describe("a job's numbers", () => {
  it('are of its newest runs', async () => {
    const body = { command: 'true', schedule: '@hourly', queue: 'own', overlap: 'allow' };
    const { body: job } = await api.call<JobView>('POST', '/api/jobs', { body });
    const path = `/api/jobs/${job.id}/stats`;
    const none = { p50: null, p95: null };
    expect((await api.call<JobStats>('GET', path)).body).toMatchObject({ runs: 0, duration_ms: none, last: [] });
    for (let n = 1; n <= 22; n += 1) {
      await api.call('POST', `/api/jobs/${job.id}/run`);
      await worker.finish(await worker.claimed(['own']), n === 22 ? EXIT_1 : SUCCEEDED, { durationMs: n * 100 });
    }
    const { body: stats } = await api.call<JobStats>('GET', path);
    expect(stats).toMatchObject({
      runs: 22,
      ended: { succeeded: 21, failed: 1, cancelled: 0, skipped: 0 },
      duration_ms: { p50: 1_100, p95: 2_000 },
      lateness_ms: none,
    });
    expect(stats.last).toHaveLength(20);
    expect(stats.last[0]).toMatchObject({ number: 22, status: 'failed', reason: 'exit', duration_ms: 2_200 });
    expect(await api.fail('GET', '/api/jobs/nobody/stats')).toMatchObject({ status: 404 });
  });
});

describe('a calendar', () => {
  it('tells what comes when, and refuses spans that are none', async () => {
    const tag = 'calendar';
    const begin = (await api.store.now()) + DAY;
    const time = (ms: number): string => new Date(begin + ms).toISOString();
    for (const body of [
      { name: 'nightly', schedule: '0 2 * * *', timezone: 'UTC' },
      { name: 'ticks', schedule: '* * * * * *', timezone: 'UTC' },
      { name: 'held', schedule: '@hourly', timezone: 'UTC' },
      { name: 'single' },
    ]) {
      await api.call('POST', '/api/jobs', { body: { command: 'true', tags: [tag], ...body } });
    }
    await api.call('POST', '/api/jobs/held/pause');
    const query = `tag=${tag}&since=${time(0)}&until=${time(DAY)}`;
    const { body } = await api.call<CalendarView>('GET', `/api/schedules/calendar?${query}`);
    expect(body).toMatchObject({ since: time(0), until: time(DAY), next_cursor: null });
    expect(body.jobs.map(({ job }) => job.name)).toEqual(['held', 'ticks', 'nightly']);
    const [held, ticks, nightly] = body.jobs;
    expect(held?.slots).toEqual([]);
    expect([ticks?.slots, ticks?.hours]).toEqual([[], Array.from({ length: 24 }, () => 3_600)]);
    expect(nightly?.slots).toHaveLength(1);
    expect(nightly?.slots[0]).toMatch(/T02:00:00.000Z$/);
    const page = await api.call<CalendarView>('GET', `/api/schedules/calendar?${query}&limit=1`);
    expect(page.body.jobs).toHaveLength(1);
    for (const [wrong, field] of [
      [`since=${time(DAY)}&until=${time(0)}`, 'since'],
      [`since=${time(0)}&until=${time(9 * DAY)}`, 'until'],
    ]) {
      expect(await api.fail('GET', `/api/schedules/calendar?${wrong}`)).toMatchObject({ field });
    }
  });
});
