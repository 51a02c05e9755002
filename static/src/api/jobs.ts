/** What the page asks about jobs. */
import type { NewJobBody, PatchBody } from '../../../src/http/schema/job-body.ts';
import type { JobList, JobView, VersionList } from '../../../src/http/schema/job-view.ts';
import type { CancelledRuns, RunList, RunView } from '../../../src/http/schema/run-view.ts';
import { serverNow } from '../clock.ts';
import { apiFilter, type Filter } from '../filter/filter.ts';
import { request } from './request.ts';

export interface PageQuery {
  readonly limit: number;
  readonly cursor: string | null;
  readonly signal?: AbortSignal;
}

const path = (ref: string): string => `api/jobs/${encodeURIComponent(ref)}`;

/** @param key repeats of the request with the same key make no second job. */
export const createJob = (body: NewJobBody, key: string): Promise<JobView> =>
  request('POST', 'api/jobs', { body, headers: { 'idempotency-key': key } });

export const getJob = (ref: string, signal?: AbortSignal): Promise<JobView> => request('GET', path(ref), { signal });

/** @param version that which was looked at: another's edit in between is refused, not lost. */
export const updateJob = (ref: string, version: number, body: PatchBody): Promise<JobView> =>
  request('PATCH', path(ref), { body, headers: { 'if-match': `"${version}"` } });

export const listVersions = (ref: string, signal: AbortSignal): Promise<VersionList> =>
  request('GET', `${path(ref)}/versions`, { signal });

export const listJobs = (filter: Filter, page: PageQuery): Promise<JobList> =>
  request('GET', `api/jobs?${listSearch(filter, page)}`, { signal: page.signal });

export const listJobRuns = (ref: string, page: PageQuery): Promise<RunList> =>
  request('GET', `${path(ref)}/runs?${listSearch({}, page)}`, { signal: page.signal });

/** @param force past the overlap policy. */
export const runJob = (ref: string, force: boolean): Promise<RunView> =>
  request('POST', `${path(ref)}/run`, { body: { force } });

export const pauseJob = (ref: string): Promise<JobView> => request('POST', `${path(ref)}/pause`);
export const resumeJob = (ref: string): Promise<JobView> => request('POST', `${path(ref)}/resume`);
export const cancelJob = (ref: string): Promise<CancelledRuns> => request('POST', `${path(ref)}/cancel`);

/** @param force although runs are running: they are cancelled. */
export const deleteJob = (ref: string, force: boolean): Promise<void> =>
  request('DELETE', `${path(ref)}${force ? '?force=true' : ''}`);

/** What stands behind the `?` of a page of a list. */
export function listSearch(filter: Filter, { limit, cursor }: PageQuery): string {
  const search = new URLSearchParams({ ...apiFilter(filter, serverNow()), limit: String(limit) });
  if (cursor !== null) search.set('cursor', cursor);
  return search.toString();
}
