/** What the page asks about runs. */
import type { FirstErrorView, LineList, LineMatches } from '../../../src/http/schema/output.ts';
import type { TriggerBody } from '../../../src/http/schema/job-body.ts';
import type { RunDetail, RunList, RunView } from '../../../src/http/schema/run-view.ts';
import { href } from '../base.ts';
import type { Filter } from '../filter/filter.ts';
import { listSearch, type PageQuery } from './jobs.ts';
import { ApiError, request } from './request.ts';

const path = (id: string): string => `api/runs/${encodeURIComponent(id)}`;

export const getRun = (id: string, signal?: AbortSignal): Promise<RunDetail> => request('GET', path(id), { signal });

export const listRuns = (filter: Filter, page: PageQuery): Promise<RunList> =>
  request('GET', `api/runs?${listSearch(filter, page)}`, { signal: page.signal });

export const cancelRun = (id: string): Promise<RunView> => request('POST', `${path(id)}/cancel`);

/** A new run of the same job. @param force past the overlap policy. */
export const retryRun = (id: string, force: boolean): Promise<RunView> =>
  request('POST', `${path(id)}/retry`, { body: { force } });

/**
 * A new once job of what the run executed, and with these changes. Errors name their fields as the changes do.
 * @param key repeats with the same key make no second one.
 */
export const retryRunWith = (id: string, changes: NonNullable<TriggerBody['changes']>, key: string): Promise<RunView> =>
  request<RunView>('POST', `${path(id)}/retry`, { body: { changes }, headers: { 'idempotency-key': key } }).catch(
    (error: unknown) => {
      throw error instanceof ApiError ? error.within('changes') : error;
    },
  );

/** Which lines: of an attempt, of one stream or both. */
export interface LinesOf {
  readonly run: string;
  readonly attempt: number;
  /** Null for both. */
  readonly stream: 'stdout' | 'stderr' | null;
}

/** Where a browser gets the bytes that were written. */
export const outputHref = (of: LinesOf): string => href(`${path(of.run)}/output?${linesSearch(of, {})}`);

export const getLines = (of: LinesOf, range: { from: number; count: number }, signal: AbortSignal): Promise<LineList> =>
  request('GET', `${path(of.run)}/output/lines?${linesSearch(of, range)}`, { signal });

/** @param from a line's number, or the `next` of an answer. */
export function searchLines(
  of: LinesOf,
  { q, from, limit }: { readonly q: string; readonly from: string; readonly limit: number },
  signal: AbortSignal,
): Promise<LineMatches> {
  const search = linesSearch(of, { q, ignore_case: 1, from, limit });
  return request('GET', `${path(of.run)}/output/search?${search}`, { signal });
}

/** The first line with a word for an error in it, and the first on stderr. */
export async function findFirstError({ run, attempt }: LinesOf): Promise<Pick<FirstErrorView, 'error' | 'stderr'>> {
  let stderr: FirstErrorView['stderr'] = null;
  for (let from: string | null = '1'; from !== null;) {
    const search = new URLSearchParams({ attempt: `${attempt}`, from });
    const found: FirstErrorView = await request('GET', `${path(run)}/output/first-error?${search}`);
    stderr ??= found.stderr;
    if (found.error !== null) return { error: found.error, stderr };
    from = found.next;
  }
  return { error: null, stderr };
}

function linesSearch({ attempt, stream }: LinesOf, more: Readonly<Record<string, string | number>>): URLSearchParams {
  const entries = Object.entries({ attempt, ...(stream !== null && { stream }), ...more });
  return new URLSearchParams(entries.map(([name, value]) => [name, `${value}`]));
}
