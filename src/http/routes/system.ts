/** Workers, numbers, and whether all is well. */
import { z } from 'zod';
import { JobschedError } from '../../errors.ts';
import { json } from '../reply/reply.ts';
import { route } from './route.ts';
import {
  doctorView,
  liveView,
  readyView,
  statsView,
  workerList,
  type DoctorView,
  type LiveView,
  type ReadyView,
  type StatsView,
  type WorkerList,
} from '../schema/system.ts';
import { toWorkerStats, toWorkerView } from '../system/view.ts';
import { toWireTime } from '../reply/wire-time.ts';
import { checkup } from '../system/checkup.ts';
import { readiness } from '../system/readiness.ts';

export const listWorkers = route({
  method: 'GET',
  path: '/api/workers',
  access: 'viewer',
  doc: {
    id: 'listWorkers',
    tag: 'system',
    summary: 'Who executes runs',
    responses: { 200: { description: 'The workers.', schema: workerList } },
    errors: [],
  },
  handle: async ({ app }) => {
    const workers = await app.store.workers();
    return json(200, { workers: workers.map(toWorkerView) } satisfies WorkerList);
  },
});

export const getStats = route({
  method: 'GET',
  path: '/api/stats',
  access: 'viewer',
  doc: {
    id: 'getStats',
    tag: 'system',
    summary: 'Numbers about everything',
    responses: { 200: { description: 'The numbers.', schema: statsView } },
    errors: [],
  },
  handle: async ({ app }) => {
    const { store } = app;
    const [now, counts, totals, workers, { jobs, runs, changes }] = await Promise.all([
      store.now(),
      store.counts(),
      store.totals(),
      store.workers(),
      store.losses(),
    ]);
    const stats: StatsView = {
      now: toWireTime(now),
      version: app.version,
      started_at: toWireTime(app.startedAt),
      engine: store.capabilities.location,
      timezone: app.timezone,
      jobs: counts.jobs,
      runs: counts.runs,
      late: { started: totals.late, waiting: counts.waitingLate, overdue: counts.overdue },
      workers: toWorkerStats(workers),
      lost: { jobs, runs, changes },
    };
    return json(200, stats);
  },
});

export const getMetrics = route({
  method: 'GET',
  path: '/metrics',
  access: 'viewer',
  doc: {
    id: 'getMetrics',
    tag: 'system',
    summary: 'Numbers about everything, for Prometheus',
    description: 'In its text format; docs/metrics.md says what each of them means.',
    responses: {
      200: {
        description: 'The numbers.',
        mediaType: 'text/plain; version=0.0.4; charset=utf-8',
        schema: z.string().describe('Lines of the text format.'),
      },
    },
    errors: ['not_found'],
  },
  handle: async ({ app: { metrics } }) => {
    if (metrics === null) {
      throw new JobschedError('not_found', 'this server keeps no metrics', {
        hint: 'GET /api/stats has numbers about everything.',
      });
    }
    const body = Buffer.from(await metrics.render());
    return { kind: 'bytes', status: 200, body, headers: { 'Content-Type': metrics.contentType } };
  },
});

export const getDoctor = route({
  method: 'GET',
  path: '/api/doctor',
  access: 'viewer',
  doc: {
    id: 'getDoctor',
    tag: 'system',
    summary: 'What is wrong, and what to do about it',
    description:
      'What `jobsched doctor` cannot see from outside: the engine, its persistence, clocks, workers, queues.',
    responses: { 200: { description: 'The findings, also when the engine is away.', schema: doctorView } },
    errors: [],
  },
  handle: async ({ app }) => {
    const findings = [...(await checkup(app))];
    return json(200, { version: app.version, now: toWireTime(app.clock.now()), findings } satisfies DoctorView);
  },
});

export const live = route({
  method: 'GET',
  path: '/livez',
  access: 'anyone',
  doc: {
    id: 'live',
    tag: 'system',
    summary: 'Whether the server is there',
    responses: { 200: { description: 'It is.', schema: liveView } },
    errors: [],
  },
  handle: async () => json(200, { status: 'ok' } satisfies LiveView),
});

export const ready = route({
  method: 'GET',
  path: '/readyz',
  access: 'anyone',
  doc: {
    id: 'ready',
    tag: 'system',
    summary: 'Whether the server can do its work',
    responses: {
      200: { description: 'All parts are ready.', schema: readyView },
      503: { description: 'One is not; it says which.', schema: readyView },
    },
    errors: [],
  },
  handle: async ({ app, caller }) => {
    const all = await readiness(app);
    const parts = caller === null ? all.map((part) => ({ ...part, detail: null })) : all;
    const allReady = parts.every((part) => part.ready);
    return json(allReady ? 200 : 503, { status: allReady ? 'ok' : 'not_ready', parts } satisfies ReadyView);
  },
});
