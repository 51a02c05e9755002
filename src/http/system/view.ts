/** Workers and queues on the wire. */
import type { QueueCounts } from '../../store/queues.ts';
import type { WorkerRecord } from '../../store/workers.ts';
import type { QueueView } from '../schema/queue.ts';
import type { StatsView, WorkerView } from '../schema/system.ts';
import { toWireTime } from '../reply/wire-time.ts';

export function toWorkerView(worker: WorkerRecord): WorkerView {
  return {
    id: worker.id,
    name: worker.name,
    host: worker.host,
    pid: worker.pid,
    version: worker.version,
    queues: [...worker.queues],
    concurrency: worker.concurrency,
    running: worker.running,
    state: worker.state,
    alive: worker.alive,
    started_at: toWireTime(worker.startedAt),
    last_seen_at: toWireTime(worker.lastSeenAt),
  };
}

export function toQueueView(queue: QueueCounts, workers: readonly WorkerRecord[]): QueueView {
  const serving = workers.filter((worker) => worker.alive && worker.queues.includes(queue.name));
  const { name, queued, running, paused, maxRunning } = queue;
  return { name, queued, running, paused, max_running: maxRunning, workers: serving.length };
}

export function toWorkerStats(workers: readonly WorkerRecord[]): StatsView['workers'] {
  const alive = workers.filter((worker) => worker.alive);
  return {
    alive: alive.length,
    slots: alive.reduce((sum, worker) => sum + worker.concurrency, 0),
    busy: alive.reduce((sum, worker) => sum + worker.running, 0),
  };
}
