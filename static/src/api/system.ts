/** What the page asks about the whole. */
import type { QueueList, QueueView } from '../../../src/http/schema/queue.ts';
import type { StatsView, WorkerList } from '../../../src/http/schema/system.ts';
import { request } from './request.ts';

export const getStats = (signal: AbortSignal): Promise<StatsView> => request('GET', 'api/stats', { signal });
export const listWorkers = (signal: AbortSignal): Promise<WorkerList> => request('GET', 'api/workers', { signal });
export const listQueues = (signal: AbortSignal): Promise<QueueList> => request('GET', 'api/queues', { signal });

const queuePath = (name: string): string => `api/queues/${encodeURIComponent(name)}`;
export const pauseQueue = (name: string): Promise<QueueView> => request('POST', `${queuePath(name)}/pause`);
export const resumeQueue = (name: string): Promise<QueueView> => request('POST', `${queuePath(name)}/resume`);

/** It claims nothing more, and ends when what it runs has ended. */
export const drainWorker = (id: string): Promise<unknown> =>
  request('POST', `api/workers/${encodeURIComponent(id)}/drain`);
