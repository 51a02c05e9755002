/** What can be done with a job: run, pause, resume, cancel. */
import { goesOn } from '../bulk/place.ts';
import type { JobId } from '../../domain/id.ts';
import type { JobDefinition } from '../../domain/job.ts';
import { MOST_ITEMS } from '../../store/store.ts';
import { triggerRequestOf } from '../request/idempotency.ts';
import { toJobView } from '../job/view.ts';
import { cancelLive, pause, resume, trigger as triggerJob } from '../job/actions.ts';
import { findJob, runContext } from '../lookup.ts';
import { json, type Reply } from '../reply/reply.ts';
import { route, type ApiRequest } from './route.ts';
import { toRunView } from '../run/view.ts';
import { triggerBody } from '../schema/job-body.ts';
import { jobView } from '../schema/job-view.ts';
import { cancelBody, cancelledRuns, runView, type CancelledRuns } from '../schema/run-view.ts';
import { validate } from '../request/validate.ts';
import { requireTakingWork } from '../taking-work.ts';
import { REPLAYED } from '../job/make.ts';
import { runChanged } from '../job/run-changed.ts';

export const runJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/run',
  access: 'operator',
  action: 'job.run',
  doc: {
    id: 'runJob',
    tag: 'jobs',
    summary: 'Run a job now',
    description:
      'Also a paused or finished one. Its overlap policy holds, unless `force` is true. With `changes`, a new once job is ' +
      'made of it, which runs with these fields, and whose description says where it comes from unless they give one; ' +
      'the reply is its run.',
    headers: { 'Idempotency-Key': 'Makes it safe to send the request again within 24 hours.' },
    responses: {
      201: { description: 'The new run.', schema: runView, headers: ['Location', 'Idempotency-Replayed'] },
    },
    errors: [
      'invalid_request',
      'not_found',
      'ambiguous',
      'overlap',
      'name_taken',
      'not_supported_yet',
      'idempotency_key_reused',
      'shutting_down',
    ],
  },
  body: { schemas: [triggerBody], required: false },
  handle: async (request) => {
    const job = await findJob(request.app.store, request.params['ref']);
    const definition = async (): Promise<JobDefinition> => job.definition;
    const source = job.definition.name ?? job.id.slice(0, 8);
    return triggerRun(request, { job: job.id, definition, trigger: 'manual', source, target: `run ${job.id}` });
  },
});

export interface Triggering {
  readonly job: JobId;
  /** What changes are laid over, when there are some. */
  readonly definition: () => Promise<JobDefinition>;
  readonly trigger: 'manual' | 'retry';
  /** What its changes are laid over, as people call it: `nightly`, `nightly#42`. */
  readonly source: string;
  /** What is done to what, whatever it was called in the path: its key is for that alone. */
  readonly target: string;
}

/** Makes a run by hand. */
export async function triggerRun(request: ApiRequest, triggering: Triggering): Promise<Reply> {
  const { app } = request;
  const { job, definition, trigger, source, target } = triggering;
  requireTakingWork(app);
  const { force = false, changes } = validate(triggerBody, request.body === undefined ? {} : request.body);
  const wanted = { job, trigger, force, ...triggerRequestOf(request, target) };
  const { run, replayed } =
    changes === undefined
      ? await triggerJob(request, wanted)
      : await runChanged(request, { definition: await definition(), changes, source, target });
  const headers = { Location: `/api/runs/${run.id}`, ...(replayed && REPLAYED) };
  return json(201, toRunView(run, await runContext(app, [run])), headers);
}

export const pauseJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/pause',
  access: 'operator',
  action: 'job.pause',
  doc: {
    id: 'pauseJob',
    tag: 'jobs',
    summary: 'Stop the schedule of a job',
    description: 'Runs that exist are left alone. A job that is paused stays so.',
    responses: { 200: { description: 'The job.', schema: jobView } },
    errors: ['not_found', 'ambiguous', 'not_a_schedule'],
  },
  handle: async (request) => {
    const paused = await pause(request, await findJob(request.app.store, request.params['ref']));
    return json(200, toJobView(paused, paused.updatedAt));
  },
});

export const resumeJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/resume',
  access: 'operator',
  action: 'job.resume',
  doc: {
    id: 'resumeJob',
    tag: 'jobs',
    summary: 'Let the schedule of a job go on',
    description: 'From the next slot on; those that passed while it was paused are forgotten.',
    responses: { 200: { description: 'The job.', schema: jobView } },
    errors: ['not_found', 'ambiguous', 'not_a_schedule'],
  },
  handle: async (request) => {
    const resumed = await resume(request, await findJob(request.app.store, request.params['ref']));
    return json(200, toJobView(resumed, resumed.updatedAt));
  },
});

export const cancelJob = route({
  method: 'POST',
  path: '/api/jobs/:ref/cancel',
  access: 'operator',
  action: 'job.cancel',
  doc: {
    id: 'cancelJob',
    tag: 'jobs',
    summary: 'Cancel the live runs of a job',
    description:
      'Those that are queued, running, or waiting for a time: about 10,000 at once. While the reply says `more`, ask again ' +
      'for the rest. Its schedule goes on.',
    responses: {
      200: {
        description: `How many, and the newest ${MOST_ITEMS} of them. One that is running ends a little later.`,
        schema: cancelledRuns,
      },
    },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'shutting_down'],
  },
  body: { schemas: [cancelBody], required: false },
  handle: async (request) => {
    const { app, params } = request;
    const { cursor } = validate(cancelBody, request.body === undefined ? {} : request.body);
    const job = await findJob(app.store, params['ref']);
    const before = cursor === undefined ? undefined : Number(cursor);
    const { count, next, newest } = await cancelLive(request, job, { left: app.limits.cancelledRuns }, before);
    const found = await Promise.all(newest.map((run) => app.store.getRun(run)));
    const runs = found.flatMap((there) => (there === null ? [] : [there.run]));
    const context = await runContext(app, runs);
    const shown = runs.map((run) => toRunView(run, context));
    const rest = goesOn(next === null ? null : String(next));
    return json(200, { count, ...rest, runs: shown } satisfies CancelledRuns);
  },
});
