/** Numbers of a job. */
import type { JobStats } from '../../../src/http/schema/stats.ts';
import { request } from './request.ts';

/** How a job has fared lately. */
export const getJobStats = (ref: string, signal?: AbortSignal): Promise<JobStats> =>
  request('GET', `api/jobs/${encodeURIComponent(ref)}/stats`, { signal });
