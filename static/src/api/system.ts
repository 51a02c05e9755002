/** What the page asks about the whole. */
import type { StatsView, WorkerList } from '../../../src/http/schema/system.ts';
import { request } from './request.ts';

export const getStats = (signal: AbortSignal): Promise<StatsView> => request('GET', 'api/stats', { signal });
export const listWorkers = (signal: AbortSignal): Promise<WorkerList> => request('GET', 'api/workers', { signal });
