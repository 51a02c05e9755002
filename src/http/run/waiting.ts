/** Why a pending run is pending, in words that follow "waiting for": "a free slot, 16 of 16 busy on web-1". */
import { toWireTime } from '../reply/wire-time.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Run } from '../../domain/run.ts';
import { NOTHING_IN_ITS_WAY } from '../../domain/waiting.ts';
import type { QueueCounts } from '../../store/queues.ts';
import type { WorkerRecord } from '../../store/workers.ts';
import type { RunContext } from './context.ts';

/** @returns null for a run that is not pending. */
export function waitingFor(run: Run, { now, workers, queues }: RunContext): string | null {
  switch (run.place) {
    case null:
      return null;
    case 'turn':
      return 'its turn, behind another run of its job';
    case 'delay':
      return delay(run, now);
    case 'queue':
      return queue(run.queue, queues) ?? worker(run.queue, workers);
  }
}

function delay(run: Run, now: Instant): string {
  if (run.readyAt === null || run.readyAt <= now) return 'its time, which has come';
  const what = run.attempt > 0 ? 'its retry' : 'its time';
  return `${what}, ${toWireTime(run.readyAt)}`;
}

/** Null when it gives its runs to whoever asks. */
function queue(name: string, queues: readonly QueueCounts[]): string | null {
  const { paused = false, running = 0, maxRunning = null } = queues.find((each) => each.name === name) ?? {};
  if (paused) return `queue ${name} is paused`;
  return maxRunning !== null && running >= maxRunning ? `queue ${name} runs ${running} of ${maxRunning} at once` : null;
}

function worker(queue: string, workers: readonly WorkerRecord[]): string {
  const alive = workers.filter((each) => each.alive && each.queues.includes(queue));
  const active = alive.filter((each) => each.state === 'active');
  if (active.length === 0) return alive.length === 0 ? `no worker serves queue ${queue}` : draining(queue, alive);
  const busy = active.reduce((sum, each) => sum + each.running, 0);
  const slots = active.reduce((sum, each) => sum + each.concurrency, 0);
  return busy < slots ? NOTHING_IN_ITS_WAY : `a free slot, ${busy} of ${slots} busy on ${names(active)}`;
}

function draining(queue: string, workers: readonly WorkerRecord[]): string {
  return `no worker serves queue ${queue} but ${names(workers)}, which ${workers.length === 1 ? 'is' : 'are'} stopping`;
}

function names(workers: readonly WorkerRecord[]): string {
  const [first, second] = workers;
  if (workers.length > 2) return `${workers.length} workers`;
  return second === undefined ? (first?.name ?? 'none') : `${first?.name} and ${second.name}`;
}
