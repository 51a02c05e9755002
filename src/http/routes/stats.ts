/** Numbers over time, and of one job. */
import { DAY } from '../../domain/instant.ts';
import { toSample } from '../../store/samples.ts';
import type { App } from '../app.ts';
import { findJob } from '../lookup.ts';
import { json } from '../reply/reply.ts';
import { fromWireTime } from '../reply/wire-time.ts';
import { fault, refusal } from '../request/validate.ts';
import { jobStats, RUNS_LOOKED_AT, series, seriesQuery, type JobStats, type Series } from '../schema/stats.ts';
import { toJobStats } from '../stats/job-stats.ts';
import { spanOf, toSeries, type Span } from '../stats/series.ts';
import { route } from './route.ts';

const DEFAULT_POINTS = 96;

export const getSeries = route({
  method: 'GET',
  path: '/api/stats/series',
  access: 'viewer',
  doc: {
    id: 'getSeries',
    tag: 'system',
    summary: 'What happened, step by step, for charts',
    description:
      'From one sample a minute, kept for 48 hours, and one an hour, kept for 31 days. Steps begin at whole multiples of ' +
      'their length; the last one may not have ended yet.',
    responses: { 200: { description: 'The steps.', schema: series } },
    errors: ['invalid_request'],
  },
  query: seriesQuery,
  handle: async ({ app, query }) => {
    const now = await app.store.now();
    const until = query.until === undefined ? now : fromWireTime(query.until);
    const since = query.since === undefined ? until - DAY : fromWireTime(query.since);
    if (since >= until) throw refusal([fault('since', 'must be before until')]);
    const span = spanOf(since, Math.min(until, now), query.points ?? DEFAULT_POINTS, now);
    return json(200, toSeries(span, await samplesOf(app, span, now)) satisfies Series);
  },
});

/** Of the ends that have been; of the one that is to come, what is now. */
async function samplesOf({ store }: App, { ends }: Span, now: number): ReturnType<App['store']['samplesAt']> {
  const past = ends.filter((end) => end <= now);
  const [samples, totals, queues] = await Promise.all([store.samplesAt(past), store.totals(), store.queues()]);
  return past.length < ends.length ? [...samples, toSample(now, totals, queues)] : samples;
}

export const getJobStats = route({
  method: 'GET',
  path: '/api/jobs/:ref/stats',
  access: 'viewer',
  doc: {
    id: 'getJobStats',
    tag: 'jobs',
    summary: 'How a job has fared lately',
    responses: { 200: { description: 'Its numbers.', schema: jobStats } },
    errors: ['not_found', 'ambiguous'],
  },
  handle: async ({ app, params }) => {
    const job = await findJob(app.store, params['ref']);
    const [now, { rows }] = await Promise.all([
      app.store.now(),
      app.store.listRuns({ job: job.id }, RUNS_LOOKED_AT, null),
    ]);
    return json(200, toJobStats(rows, now) satisfies JobStats);
  },
});
