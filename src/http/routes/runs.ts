/** Runs: listed, looked at, cancelled, run again. */
import type { JobId } from '../../domain/id.ts';
import type { JobDefinition } from '../../domain/job.ts';
import { definitionAt } from '../job/run-changed.ts';
import type { App } from '../app.ts';
import { findJob, findRun, runContext } from '../lookup.ts';
import { json, type Reply } from '../reply/reply.ts';
import { route } from './route.ts';
import { toAttemptView, toRunView } from '../run/view.ts';
import { triggerBody } from '../schema/job-body.ts';
import { jobRunsQuery, runListQuery, type RunListQuery } from '../schema/query.ts';
import { runDetail, runList, runView, type RunDetail, type RunList } from '../schema/run-view.ts';
import { cancel, requireFinal } from '../run/actions.ts';
import { toRunFilter } from '../run/filter.ts';
import { triggerRun } from './job-actions.ts';
import { DEFAULT_LIMIT } from './jobs.ts';

export const listRuns = route({
  method: 'GET',
  path: '/api/runs',
  access: 'viewer',
  doc: {
    id: 'listRuns',
    tag: 'runs',
    summary: 'List runs, newest first',
    responses: { 200: { description: 'A page of them.', schema: runList } },
    errors: ['invalid_request', 'not_found', 'ambiguous'],
  },
  query: runListQuery,
  handle: async ({ app, query: { job, ...query } }) =>
    pageOfRuns(app, query, job === undefined ? undefined : (await findJob(app.store, job)).id),
});

export const listJobRuns = route({
  method: 'GET',
  path: '/api/jobs/:ref/runs',
  access: 'viewer',
  doc: {
    id: 'listJobRuns',
    tag: 'runs',
    summary: 'List the runs of a job, newest first',
    responses: { 200: { description: 'A page of them.', schema: runList } },
    errors: ['invalid_request', 'not_found', 'ambiguous'],
  },
  query: jobRunsQuery,
  handle: async ({ app, query, params }) => pageOfRuns(app, query, (await findJob(app.store, params['ref'])).id),
});

async function pageOfRuns(app: App, query: Omit<RunListQuery, 'job'>, job: JobId | undefined): Promise<Reply> {
  const { limit = DEFAULT_LIMIT, cursor = null, ...filter } = query;
  const page = await app.store.listRuns({ ...toRunFilter(filter), job }, limit, cursor);
  const context = await runContext(app, page.rows);
  return json(200, { runs: page.rows.map((run) => toRunView(run, context)), next_cursor: page.next } satisfies RunList);
}

export const getRun = route({
  method: 'GET',
  path: '/api/runs/:ref',
  access: 'viewer',
  doc: {
    id: 'getRun',
    tag: 'runs',
    summary: 'Look at a run',
    description: 'By its id, or as `<job>#<number>` with the `#` written as `%23`: `nightly%2342`.',
    responses: { 200: { description: 'The run with its attempts.', schema: runDetail } },
    errors: ['not_found', 'ambiguous'],
  },
  handle: async ({ app, params }) => {
    const { run, attempts } = await findRun(app.store, params['ref']);
    const view = toRunView(run, await runContext(app, [run]));
    const newestFirst = attempts.toSorted((one, other) => other.number - one.number);
    return json(200, { ...view, attempts: newestFirst.map(toAttemptView) } satisfies RunDetail);
  },
});

export const cancelRun = route({
  method: 'POST',
  path: '/api/runs/:ref/cancel',
  access: 'operator',
  action: 'run.cancel',
  doc: {
    id: 'cancelRun',
    tag: 'runs',
    summary: 'Cancel a run',
    description: 'Cancelling again does nothing, and is no error.',
    responses: {
      200: { description: 'It is cancelled.', schema: runView },
      202: { description: 'It is running; its worker was asked to end it.', schema: runView },
    },
    errors: ['not_found', 'ambiguous', 'run_finished'],
  },
  handle: async (request) => {
    const { app, params } = request;
    const { run } = await findRun(app.store, params['ref']);
    const { asked } = await cancel(request, run);
    const { run: after } = await findRun(app.store, run.id);
    const view = toRunView(after, await runContext(app, [after]));
    return json(asked ? 202 : 200, view);
  },
});

export const retryRun = route({
  method: 'POST',
  path: '/api/runs/:ref/retry',
  access: 'operator',
  action: 'run.retry',
  doc: {
    id: 'retryRun',
    tag: 'runs',
    summary: 'Run a finished run again',
    description:
      "A new run of the same job, as the job is now. The job's overlap policy holds, unless `force` is true. With " +
      '`changes`, also `{}`, a new once job is made of the version that the run executed, which runs with these fields; the ' +
      'reply is its run.',
    headers: { 'Idempotency-Key': 'Makes it safe to send the request again within 24 hours.' },
    responses: {
      201: { description: 'The new run.', schema: runView, headers: ['Location', 'Idempotency-Replayed'] },
    },
    errors: [
      'invalid_request',
      'not_found',
      'ambiguous',
      'overlap',
      'run_not_finished',
      'name_taken',
      'not_supported_yet',
      'idempotency_key_reused',
      'shutting_down',
    ],
  },
  body: { schemas: [triggerBody], required: false },
  handle: async (request) => {
    const { store } = request.app;
    const { run, attempts } = await findRun(store, request.params['ref']);
    requireFinal(run);
    const definition = (): Promise<JobDefinition> => definitionAt(store, run.jobId, attempts.at(-1)?.version);
    const source = `${run.jobName ?? run.jobId.slice(0, 8)}#${run.number}`;
    return triggerRun(request, { job: run.jobId, definition, trigger: 'retry', source, target: `retry ${run.id}` });
  },
});
