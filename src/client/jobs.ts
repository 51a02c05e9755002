/** Jobs: made, found, edited, run, paused, ended. A `ref` is a job's id, its name, or the first characters of its id. */
import { bulkSteps } from './bulk.ts';
import { keyed } from './keyed.ts';
import { allRows, type Page } from './pages.ts';
import { path, withQuery } from './path.ts';
import type { Transport } from './transport.ts';
import type { JobRef } from '../domain/id.ts';
import type { BulkJobsBody, BulkJobsOutcome } from '../http/schema/bulk.ts';
import type { NewJobBody, PatchBody, TriggerBody } from '../http/schema/job-body.ts';
import type { BulkResult, CheckResult, JobList, JobView, VersionList, VersionView } from '../http/schema/job-view.ts';
import type { JobListQuery, JobRunsQuery } from '../http/schema/query.ts';
import type { JobStats } from '../http/schema/stats.ts';
import type { CancelledRuns, RunList, RunView } from '../http/schema/run-view.ts';

export type JobFilter = Omit<JobListQuery, 'cursor'>;

export interface CreateOptions {
  /** A repeat with the same key within 24 h makes nothing and answers as before. Default: a new one for each call. */
  readonly idempotencyKey?: string;
}

export interface JobsClient {
  /** @throws JobschedError `name_taken`, `invalid_request`, `invalid_schedule`. */
  create(job: NewJobBody, options?: CreateOptions): Promise<JobView>;
  /** 1 to 1,000 jobs in one request; each is made or refused for itself. */
  createMany(jobs: readonly NewJobBody[], options?: CreateOptions): Promise<BulkResult>;
  /** What would become of 1 to 1,000 jobs if they were made now. None is. */
  check(jobs: readonly NewJobBody[]): Promise<CheckResult>;
  get(ref: JobRef): Promise<JobView>;
  /** One page, newest first. */
  list(query?: JobListQuery): Promise<Page<JobView>>;
  /** All of them; `limit` is the size of a page. */
  all(filter?: JobFilter): AsyncIterable<JobView>;
  /** @param ifVersion refuse with `version_conflict` when the job is at another version. */
  update(ref: JobRef, change: PatchBody, ifVersion?: number): Promise<JobView>;
  /** @param options.force also when a run of it is running: that is cancelled. */
  delete(ref: JobRef, options?: { readonly force?: boolean }): Promise<void>;
  /** A run by hand. With `changes` it is one of a new once job. `force`: past the overlap policy. */
  run(ref: JobRef, options?: TriggerBody): Promise<RunView>;
  pause(ref: JobRef): Promise<JobView>;
  resume(ref: JobRef): Promise<JobView>;
  /** Cancels the job's live runs. @returns how many those are, and the newest 250 of them. */
  cancel(ref: JobRef): Promise<CancelledRuns>;
  /** One action on many, a request at a time: about 1,000 jobs each. Leaving the loop leaves the rest as it is. */
  bulk(body: BulkJobsBody): AsyncIterable<BulkJobsOutcome>;
  /** How it has fared lately: durations, lateness, its newest runs. */
  stats(ref: JobRef): Promise<JobStats>;
  /** One page of its runs, newest first. */
  runs(ref: JobRef, query?: JobRunsQuery): Promise<Page<RunView>>;
  /** The versions that are kept, newest first. */
  versions(ref: JobRef): Promise<readonly VersionView[]>;
}

export function jobsClient(transport: Transport): JobsClient {
  const list = async (query: JobListQuery = {}): Promise<Page<JobView>> => {
    const page = await transport.json<JobList>({ method: 'GET', path: withQuery('/api/jobs', { ...query }) });
    return { rows: page.jobs, next: page.next_cursor };
  };
  const post = <Reply>(to: string, body: object = {}): Promise<Reply> =>
    transport.json<Reply>({ method: 'POST', path: to, body });
  return {
    create: (job, options) => create(transport, job, options),
    createMany: (jobs, options) => create(transport, { jobs }, options),
    check: (jobs) => transport.json({ method: 'POST', path: '/api/jobs/check', body: { jobs }, again: [50] }),
    get: (ref) => transport.json({ method: 'GET', path: path`/api/jobs/${ref}` }),
    list,
    all: (filter = {}) => allRows((cursor) => list(cursor === undefined ? filter : { ...filter, cursor })),
    update: (ref, change, ifVersion) => {
      const headers = ifVersion === undefined ? {} : { 'if-match': `"${ifVersion}"` };
      return transport.json({ method: 'PATCH', path: path`/api/jobs/${ref}`, body: change, headers });
    },
    delete: (ref, options) =>
      transport.json({ method: 'DELETE', path: withQuery(path`/api/jobs/${ref}`, { force: options?.force }) }),
    run: (ref, options = {}) =>
      transport.json({ method: 'POST', path: path`/api/jobs/${ref}/run`, body: options, ...keyed() }),
    pause: (ref) => post(path`/api/jobs/${ref}/pause`),
    resume: (ref) => post(path`/api/jobs/${ref}/resume`),
    cancel: (ref) => cancelAll((body) => post(path`/api/jobs/${ref}/cancel`, body)),
    stats: (ref) => transport.json({ method: 'GET', path: path`/api/jobs/${ref}/stats` }),
    bulk: (body) => bulkSteps(transport, '/api/jobs/bulk', body),
    runs: async (ref, query = {}) => {
      const to = withQuery(path`/api/jobs/${ref}/runs`, { ...query });
      const page = await transport.json<RunList>({ method: 'GET', path: to });
      return { rows: page.runs, next: page.next_cursor };
    },
    versions: async (ref) =>
      (await transport.json<VersionList>({ method: 'GET', path: path`/api/jobs/${ref}/versions` })).versions,
  };
}

/** However many there are: a request takes about 10,000 of them. */
async function cancelAll(step: (body: object) => Promise<CancelledRuns>): Promise<CancelledRuns> {
  const first = await step({});
  let last = first;
  let { count } = first;
  // A server before this one names no cursor at all, and says nothing of more.
  while (last.more && last.next_cursor !== null) {
    last = await step({ cursor: last.next_cursor });
    count += last.count;
  }
  return { ...last, count, runs: first.runs };
}

function create<Reply>(transport: Transport, body: unknown, options: CreateOptions = {}): Promise<Reply> {
  return transport.json({ method: 'POST', path: '/api/jobs', body, ...keyed(options.idempotencyKey) });
}
