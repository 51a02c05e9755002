/** Jobs: listed, looked at, deleted. */
import { remove } from '../job/actions.ts';
import { findJob } from '../lookup.ts';
import { seenBy, toJobView, toVersionView } from '../job/view.ts';
import { json, nothing } from '../reply/reply.ts';
import { route } from './route.ts';
import { jobList, jobView, versionList, type JobList, type VersionList } from '../schema/job-view.ts';
import { deleteQuery, jobListQuery } from '../schema/query.ts';
import { toJobFilter } from '../job/filter.ts';
import { jobHeaders } from '../job/make.ts';

export const DEFAULT_LIMIT = 50;

export const listJobs = route({
  method: 'GET',
  path: '/api/jobs',
  access: 'viewer',
  doc: {
    id: 'listJobs',
    tag: 'jobs',
    summary: 'List jobs, newest first',
    responses: { 200: { description: 'A page of them.', schema: jobList } },
    errors: ['invalid_request'],
  },
  query: jobListQuery,
  handle: async ({ app, caller, query }) => {
    const { limit = DEFAULT_LIMIT, cursor = null, ...filter } = query;
    const listed = app.store.listJobs(toJobFilter(filter), limit, cursor);
    const [page, now] = await Promise.all([listed, app.store.now()]);
    return json(200, {
      jobs: page.rows.map((job) => seenBy(caller, toJobView(job, now))),
      next_cursor: page.next,
    } satisfies JobList);
  },
});

export const getJob = route({
  method: 'GET',
  path: '/api/jobs/:ref',
  access: 'viewer',
  doc: {
    id: 'getJob',
    tag: 'jobs',
    summary: 'Look at a job',
    description: 'By its name, its id, or at least the first 4 characters of its id.',
    responses: {
      200: { description: 'The job. Its `ETag` is its version, for `If-Match`.', schema: jobView, headers: ['ETag'] },
    },
    errors: ['not_found', 'ambiguous'],
  },
  handle: async ({ app, caller, params }) => {
    const [job, now] = await Promise.all([findJob(app.store, params['ref']), app.store.now()]);
    return json(200, seenBy(caller, toJobView(job, now)), { ETag: jobHeaders(job)['ETag'] ?? '' });
  },
});

export const deleteJob = route({
  method: 'DELETE',
  path: '/api/jobs/:ref',
  access: 'operator',
  action: 'job.delete',
  doc: {
    id: 'deleteJob',
    tag: 'jobs',
    summary: 'Delete a job',
    description: 'Its pending runs are cancelled. Its runs and their output are removed within minutes of their end.',
    responses: { 204: { description: 'It is deleted.' } },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'job_running'],
  },
  query: deleteQuery,
  handle: async (request) => {
    const { app, params, query } = request;
    await remove(request, await findJob(app.store, params['ref']), query.force ?? false);
    return nothing(204);
  },
});

export const listVersions = route({
  method: 'GET',
  path: '/api/jobs/:ref/versions',
  access: 'viewer',
  doc: {
    id: 'listJobVersions',
    tag: 'jobs',
    summary: 'What a job was before it was edited',
    responses: { 200: { description: 'The last 10 versions, newest first.', schema: versionList } },
    errors: ['not_found', 'ambiguous'],
  },
  handle: async ({ app, caller, params }) => {
    const job = await findJob(app.store, params['ref']);
    const versions = await app.store.jobVersions(job.id);
    return json(200, {
      versions: versions.map((version) => seenBy(caller, toVersionView(version))),
    } satisfies VersionList);
  },
});
