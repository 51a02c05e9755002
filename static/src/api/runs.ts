/** What the page asks about runs. */
import type { RunDetail, RunList, RunView } from '../../../src/http/schema/run-view.ts';
import { href } from '../base.ts';
import type { Filter } from '../filter/filter.ts';
import { listSearch, type PageQuery } from './jobs.ts';
import { open, request } from './request.ts';

const path = (id: string): string => `api/runs/${encodeURIComponent(id)}`;

export const getRun = (id: string, signal?: AbortSignal): Promise<RunDetail> => request('GET', path(id), { signal });

export const listRuns = (filter: Filter, page: PageQuery): Promise<RunList> =>
  request('GET', `api/runs?${listSearch(filter, page)}`, { signal: page.signal });

export const cancelRun = (id: string): Promise<RunView> => request('POST', `${path(id)}/cancel`);

/** A new run of the same job. @param force past the overlap policy. */
export const retryRun = (id: string, force: boolean): Promise<RunView> =>
  request('POST', `${path(id)}/retry`, { body: { force } });

/** Where a browser gets the bytes of an attempt's output, as they were written. */
export const outputHref = (id: string, attempt: number): string => href(`${path(id)}/output?attempt=${attempt}`);

/** Lines of `src/http/schema/output.ts`, until the attempt or, when following the newest, the run ends. */
export function openOutput(id: string, attempt: number, offset: number, signal: AbortSignal): Promise<Response> {
  const search = new URLSearchParams({ format: 'frames', follow: '1', attempt: `${attempt}`, offset: `${offset}` });
  return open('GET', `${path(id)}/output?${search}`, { signal, headers: { accept: 'application/x-ndjson' } });
}
