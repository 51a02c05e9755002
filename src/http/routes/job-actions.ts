/** What can be done with a job: run, pause, resume, cancel. */
import { JobschedError } from '../../errors.ts';
import { parseRunId, type JobId, type RunId } from '../../domain/id.ts';
import type { Job } from '../../domain/job.ts';
import type { CancelResult } from '../../store/runs.ts';
import { MOST_ITEMS } from '../../store/store.ts';
import type { App } from '../app.ts';
import { keyReused, triggerRequestOf } from '../request/idempotency.ts';
import { toJobView } from '../job/view.ts';
import { nextSlot } from '../job/judge.ts';
import { findJob, noJob, runContext } from '../lookup.ts';
import { json, type Reply } from '../reply/reply.ts';
import { route, type ApiRequest } from './route.ts';
import { toRunView } from '../run/view.ts';
import { triggerBody } from '../schema/job-body.ts';
import { jobView } from '../schema/job-view.ts';
import { cancelledRuns, runView, type CancelledRuns } from '../schema/run-view.ts';
import { validate } from '../request/validate.ts';
import { requireTakingWork } from '../taking-work.ts';
import { REPLAYED } from '../job/make.ts';

export const runJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/run',
  doc: {
    id: 'runJob',
    tag: 'jobs',
    summary: 'Run a job now',
    description: 'Also a paused or finished one. Its overlap policy holds, unless `force` is true.',
    headers: { 'Idempotency-Key': 'Makes it safe to send the request again within 24 hours.' },
    responses: { 201: { description: 'The new run.', schema: runView } },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'overlap', 'idempotency_key_reused', 'shutting_down'],
  },
  body: { schemas: [triggerBody], required: false },
  handle: async (request) => {
    const job = await findJob(request.app.store, request.params['ref']);
    return triggerRun(request, { job: job.id, trigger: 'manual', target: `run ${job.id}` });
  },
});

export interface Triggering {
  readonly job: JobId;
  readonly trigger: 'manual' | 'retry';
  /** What is done to what, whatever it was called in the path: its key is for that alone. */
  readonly target: string;
}

/** Makes a run by hand. */
export async function triggerRun(request: ApiRequest, { job, trigger, target }: Triggering): Promise<Reply> {
  const { app, headers } = request;
  requireTakingWork(app);
  const { force = false } = validate(triggerBody, request.body ?? {});
  const wanted = { job, trigger, force, ...triggerRequestOf(request, target) };
  let result = await app.store.trigger(wanted);
  while (result.status === 'more') {
    request.requireListener();
    result = await app.store.trigger(wanted);
  }
  if (result.status === 'key_reused') throw keyReused(String(headers['idempotency-key']));
  if (result.status === 'not_found') throw noJob(job);
  if (result.status === 'overlap') throw overlapping(result.live);
  const replayed = result.status === 'existing' ? REPLAYED : {};
  const { run } = result;
  return json(201, toRunView(run, await runContext(app, [run])), { Location: `/api/runs/${run.id}`, ...replayed });
}

function overlapping(live: RunId): JobschedError {
  const number = parseRunId(live)?.number ?? live;
  return new JobschedError('overlap', `run #${number} of this job is live, and its overlap policy lets no other run`, {
    hint: 'Wait for its end, or cancel it. In the API, {"force": true} runs it all the same.',
  });
}

export const pauseJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/pause',
  doc: {
    id: 'pauseJob',
    tag: 'jobs',
    summary: 'Stop the schedule of a job',
    description: 'Runs that exist are left alone. A job that is paused stays so.',
    responses: { 200: { description: 'The job.', schema: jobView } },
    errors: ['not_found', 'ambiguous', 'not_a_schedule'],
  },
  handle: async ({ app, params }) => {
    const job = await findJob(app.store, params['ref']);
    const result = await app.store.pauseJob(job.id);
    if (result.status === 'paused') return json(200, toJobView(result.job, result.job.updatedAt));
    throw result.status === 'not_found' ? noJob(job.id) : notASchedule(job);
  },
});

export const resumeJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/resume',
  doc: {
    id: 'resumeJob',
    tag: 'jobs',
    summary: 'Let the schedule of a job go on',
    description: 'From the next slot on; those that passed while it was paused are forgotten.',
    responses: { 200: { description: 'The job.', schema: jobView } },
    errors: ['not_found', 'ambiguous', 'not_a_schedule'],
  },
  handle: async ({ app, params }) => {
    const job = await findJob(app.store, params['ref']);
    const resumed = await resume(app, job);
    return json(200, toJobView(resumed, resumed.updatedAt));
  },
});

/** The first slot to come is computed here and checked there; a slot that comes in between takes another round. */
async function resume(app: App, job: Job): Promise<Job> {
  let after = Math.max(await app.store.now(), job.lastSlot ?? 0);
  for (;;) {
    const result = await app.store.resumeJob(job.id, nextSlot(job.definition, after));
    if (result.status === 'resumed') return result.job;
    if (result.status === 'not_found') throw noJob(job.id);
    if (result.status === 'not_a_schedule') throw notASchedule(job);
    after = Math.max(result.now, result.lastSlot ?? 0);
  }
}

export const cancelJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/cancel',
  doc: {
    id: 'cancelJob',
    tag: 'jobs',
    summary: 'Cancel the live runs of a job',
    description: 'Those that are queued, running, or waiting for a time. Its schedule goes on.',
    responses: {
      200: {
        description: `How many, and the newest ${MOST_ITEMS} of them. One that is running ends a little later.`,
        schema: cancelledRuns,
      },
    },
    errors: ['not_found', 'ambiguous', 'shutting_down'],
  },
  handle: async (request) => {
    const { app, params } = request;
    const job = await findJob(app.store, params['ref']);
    const { count, newest } = await cancelLive(request, job.id);
    const found = await Promise.all(newest.map((run) => app.store.getRun(run)));
    const runs = found.flatMap((there) => (there === null ? [] : [there.run]));
    const context = await runContext(app, runs);
    return json(200, { count, runs: runs.map((run) => toRunView(run, context)) } satisfies CancelledRuns);
  },
});

interface Cancelled {
  readonly count: number;
  /** As many as a reply shows. */
  readonly newest: readonly RunId[];
}

/** From the newest on, as many at once as the store takes; none that comes meanwhile, and none that ended by itself. */
async function cancelLive({ app: { store }, requireListener }: ApiRequest, job: JobId): Promise<Cancelled> {
  let count = 0;
  const newest: RunId[] = [];
  for (let live = await store.liveRuns(job); live.length > 0;) {
    const results = await Promise.all(live.map((run) => store.cancel(run.id)));
    const cancelled = live.filter((_, index) => isCancelled(results[index]));
    count += cancelled.length;
    newest.push(...cancelled.slice(0, MOST_ITEMS - newest.length).map(({ id }) => id));
    requireListener();
    live = await store.liveRuns(job, live.at(-1)?.number);
  }
  return { count, newest };
}

function isCancelled(result: CancelResult | undefined): boolean {
  return result?.status === 'cancelled' || result?.status === 'requested';
}

function notASchedule(job: Job): JobschedError {
  return new JobschedError('not_a_schedule', `the job ${job.definition.name ?? job.id} runs once and has no schedule`, {
    hint: 'To stop its run, cancel it.',
  });
}
