/** Why a pending run is pending, in words that follow "waiting for": "a free slot, 16 of 16 busy on web-1". */
import { toWireTime } from '../reply/wire-time.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Run } from '../../domain/run.ts';
import type { WorkerRecord } from '../../store/workers.ts';

/**
 * @param workers all that are known, dead ones too.
 * @returns null for a run that is not pending.
 */
export function waitingFor(run: Run, workers: readonly WorkerRecord[], now: Instant): string | null {
  switch (run.place) {
    case null:
      return null;
    case 'turn':
      return 'its turn, behind another run of its job';
    case 'delay':
      return delay(run, now);
    case 'queue':
      return worker(run.queue, workers);
  }
}

function delay(run: Run, now: Instant): string {
  if (run.readyAt === null || run.readyAt <= now) return 'its time, which has come';
  const what = run.attempt > 0 ? 'its retry' : 'its time';
  return `${what}, ${toWireTime(run.readyAt)}`;
}

function worker(queue: string, workers: readonly WorkerRecord[]): string {
  const alive = workers.filter((each) => each.alive && each.queues.includes(queue));
  const active = alive.filter((each) => each.state === 'active');
  if (active.length === 0) return alive.length === 0 ? `no worker serves queue ${queue}` : draining(queue, alive);
  const busy = active.reduce((sum, each) => sum + each.running, 0);
  const slots = active.reduce((sum, each) => sum + each.concurrency, 0);
  return busy < slots ? 'a worker to claim it' : `a free slot, ${busy} of ${slots} busy on ${names(active)}`;
}

function draining(queue: string, workers: readonly WorkerRecord[]): string {
  return `no worker serves queue ${queue} but ${names(workers)}, which ${workers.length === 1 ? 'is' : 'are'} stopping`;
}

function names(workers: readonly WorkerRecord[]): string {
  const [first, second] = workers;
  if (workers.length > 2) return `${workers.length} workers`;
  return second === undefined ? (first?.name ?? 'none') : `${first?.name} and ${second.name}`;
}
