/** One action on many jobs or runs, by a filter or by name. */
import type { AuditAction } from '../../domain/audit-action.ts';
import { isFinal } from '../../domain/run-state.ts';
import type { Job } from '../../domain/job.ts';
import { RUN_STATUSES, type Run, type RunStatus } from '../../domain/run.ts';
import { foreseeOnJob, foreseeOnRun } from '../bulk/foresee.ts';
import { requireOneOf, sweep, type Rest } from '../bulk/sweep.ts';
import { cancelInBatches, pause, remove, resume, trigger, type CancelBudget } from '../job/actions.ts';
import { toJobFilter } from '../job/filter.ts';
import { findJob, findRun } from '../lookup.ts';
import { json } from '../reply/reply.ts';
import { requireValidKey, triggerRequestAmong } from '../request/idempotency.ts';
import { validate } from '../request/validate.ts';
import { cancel, requireFinal } from '../run/actions.ts';
import { toRunFilter } from '../run/filter.ts';
import {
  bulkJobsBody,
  bulkJobsOutcome,
  bulkRunsBody,
  bulkRunsOutcome,
  type BulkJobsOutcome,
  type BulkRunsOutcome,
  type JobAction,
  type RunAction,
} from '../schema/bulk.ts';
import { requireTakingWork } from '../taking-work.ts';
import { route, type ApiRequest } from './route.ts';

const HOW =
  'Those that a filter finds, or those that are named. Each succeeds or is refused for itself. A request does about ' +
  '1,000 and answers with `more`: ask again with its `next_cursor` for the rest. What arrives meanwhile is left alone. With ' +
  '`dry_run` nothing is done, `matched` counts, and `refused` tells what stands in the way by now. It leaves off when nobody waits for the reply any more.';

export const bulkJobs = route({
  method: 'POST',
  path: '/api/jobs/bulk',
  access: 'operator',
  action: 'each',
  doc: {
    id: 'bulkJobs',
    tag: 'jobs',
    summary: 'Run, pause, resume, cancel or delete many jobs',
    description: HOW,
    headers: { 'Idempotency-Key': 'Makes it safe to send a `run` again: no job runs twice for it within 24 hours.' },
    responses: { 200: { description: 'What became of them.', schema: bulkJobsOutcome } },
    errors: ['invalid_request', 'shutting_down'],
  },
  body: { schemas: [bulkJobsBody], required: true },
  handle: async (request) => {
    const { store } = request.app;
    const body = validate(bulkJobsBody, request.body);
    requireValidKey(request);
    const { action, filter = {}, ids, force = false } = body;
    requireOneOf(body);
    if (action === 'run') requireTakingWork(request.app);
    tell(request, `job.${action}`, body);
    const budget = { left: request.app.limits.cancelledRuns };
    const swept = await sweep<Job>(request, {
      ids,
      cursor: body.cursor ?? null,
      dryRun: body.dry_run ?? false,
      find: (name) => findJob(store, name),
      list: (limit, cursor) => store.listJobs(toJobFilter(filter), limit, cursor),
      isMeant: (job) => changesJob(action, job),
      foresee: (job) => foreseeOnJob(store, action, job, force),
      act: (job, before) => actOnJob(request, job, { action, force, budget, before }),
      isSpent: () => budget.left <= 0,
    });
    return json(200, { action, ...swept } satisfies BulkJobsOutcome);
  },
});

/** Whether the action would do anything, so that whoever pauses all schedules is not told of those that are none. */
function changesJob(action: JobAction, { definition, status }: Job): boolean {
  switch (action) {
    case 'pause':
      return status === 'scheduled';
    case 'resume':
      return status === 'paused';
    case 'cancel':
      return definition.type === 'cron' || status === 'pending' || status === 'running';
    case 'run':
    case 'delete':
      return true;
  }
}

interface JobActing {
  readonly action: JobAction;
  readonly force: boolean;
  readonly budget: CancelBudget;
  /** Of `cancel`: below which run's number it goes on. */
  readonly before: number | undefined;
}

async function actOnJob(request: ApiRequest, job: Job, acting: JobActing): Promise<Rest | null> {
  const { action, force, budget, before } = acting;
  switch (action) {
    case 'pause':
      await pause(request, job);
      break;
    case 'resume':
      await resume(request, job);
      break;
    case 'cancel':
      return stepwise(cancelInBatches(request, job, { budget, before, cancelled: { count: 0, newest: [] } }));
    case 'delete':
      await remove(request, job, force);
      break;
    case 'run': {
      const named = triggerRequestAmong(request, `run ${job.id}`);
      await trigger(request, { job: job.id, trigger: 'manual', force, ...named });
    }
  }
  return null;
}

/** @param batches says after each below which number the next one lies. */
async function stepwise(batches: AsyncGenerator<number, null>): Promise<Rest | null> {
  const { value: at } = await batches.next();
  return at === null ? null : { at, goOn: () => stepwise(batches) };
}

export const bulkRuns = route({
  method: 'POST',
  path: '/api/runs/bulk',
  access: 'operator',
  action: 'each',
  doc: {
    id: 'bulkRuns',
    tag: 'runs',
    summary: 'Cancel or retry many runs',
    description: HOW,
    headers: {
      'Idempotency-Key': 'Makes it safe to send a `retry` again: no run is retried twice for it in 24 hours.',
    },
    responses: { 200: { description: 'What became of them.', schema: bulkRunsOutcome } },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'shutting_down'],
  },
  body: { schemas: [bulkRunsBody], required: true },
  handle: async (request) => {
    const { store } = request.app;
    const body = validate(bulkRunsBody, request.body);
    requireValidKey(request);
    const { action, filter: { job, ...filter } = {}, ids, force = false } = body;
    requireOneOf(body);
    if (action === 'retry') requireTakingWork(request.app);
    tell(request, `run.${action}`, body);
    const only = job === undefined ? undefined : (await findJob(store, job)).id;
    const wanted = { ...toRunFilter(filter), job: only, status: filter.status ?? statusesFor(action) };
    const swept = await sweep<Run>(request, {
      ids,
      cursor: body.cursor ?? null,
      dryRun: body.dry_run ?? false,
      find: async (name) => (await findRun(store, name)).run,
      list: (limit, cursor) => store.listRuns(wanted, limit, cursor),
      isMeant: ({ status }) => statusesFor(action).includes(status),
      foresee: (run) => foreseeOnRun(store, action, run, force),
      act: (run) => actOnRun(request, action, run, force),
      isSpent: () => false,
    });
    return json(200, { action, ...swept } satisfies BulkRunsOutcome);
  },
});

function statusesFor(action: RunAction): readonly RunStatus[] {
  return RUN_STATUSES.filter((status) => isFinal(status) === (action === 'retry'));
}

async function actOnRun(request: ApiRequest, action: RunAction, run: Run, force: boolean): Promise<null> {
  if (action === 'cancel') await cancel(request, run);
  else {
    requireFinal(run);
    const named = triggerRequestAmong(request, `retry ${run.id}`);
    await trigger(request, { job: run.jobId, trigger: 'retry', force, ...named });
  }
  return null;
}

/** For the audit log: what each of them is, and by what they were found; which they are stands in the entries. */
function tell({ deeds }: ApiRequest, action: AuditAction, { filter }: { readonly filter?: object | undefined }): void {
  deeds.are(action, { bulk: filter === undefined ? 'ids' : JSON.stringify(filter).slice(0, MOST_TOLD) });
}

/** Characters of a filter. */
const MOST_TOLD = 1_000;
