/** Numbers for charts. */
import type { JobStats, Series } from '../../../src/http/schema/stats.ts';
import { request } from './request.ts';

/** How a job has fared lately. */
export const getJobStats = (ref: string, signal?: AbortSignal): Promise<JobStats> =>
  request('GET', `api/jobs/${encodeURIComponent(ref)}/stats`, { signal });

/** @param since RFC 3339. */
export function getSeries(since: string, points: number, signal: AbortSignal): Promise<Series> {
  return request('GET', `api/stats/series?${new URLSearchParams({ since, points: `${points}` })}`, { signal });
}
