/** How late slots of every second are, and whether each gave a run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { watch } from '../harness/cpu.ts';
import type { Context, Figures, Side } from '../harness/row.ts';
import { percentile } from '../harness/statistics.ts';
import type { Run } from '../../src/domain/run.ts';
import { MOST_ROWS } from '../../src/store/views.ts';
import { everySecond, fill, openBenchStore } from '../ours/store.ts';
import { benchWorker, noopExecutor } from '../ours/worker.ts';
import { bullQueue, bullWorker } from '../peers/bullmq.ts';
import { inLanes } from './lanes.ts';
import { startNode } from './process.ts';

const SECOND = 1_000;
const SLOTS = 50;
/** Seconds before the measured ones. */
const WARM_UP = 2;
const MEASURED = 6;
/** How long a slot may take to be counted. */
const LATEST_MS = 1_500;

const SCHEDULER = new URL('../ours/scheduler-process.ts', import.meta.url).pathname;

/** Our scheduler in one process, and a worker that does nothing in another, this one. */
export function ourSlots(schedules: number): Side {
  return async ({ redis, scale }) => {
    const store = await openBenchStore(redis.url);
    const claimed = new Lateness();
    const executor = noopExecutor(({ env }) => claimed.saw(Date.parse(env['JOBSCHED_SCHEDULED_FOR'] ?? '')));
    const first = nextSecond(5 * SECOND);
    await fill(store, schedules * scale, () => everySecond('true', first));
    const worker = benchWorker(store, executor, SLOTS);
    await worker.start();
    await using scheduler = await startNode([SCHEDULER, redis.url]);
    const pids = { redis: redis.pid, scheduler: scheduler.pid, worker: process.pid };
    const figures = await measure(first, schedules * scale, claimed, pids);
    const created: number[] = [];
    let cursor: string | null = null;
    do {
      const page: { rows: readonly Run[]; next: string | null } = await store.listRuns({}, MOST_ROWS, cursor);
      cursor = page.next;
      for (const { createdAt, scheduledFor } of page.rows) {
        if (scheduledFor !== null && isMeasured(first, scheduledFor)) created.push(createdAt - scheduledFor);
      }
    } while (cursor !== null);
    const createdFigures = { createdP50: percentile(created, 50), createdP99: percentile(created, 99) };
    return { ...figures, values: { ...figures.values, ...createdFigures } };
  };
}

/** BullMQ's job schedulers: its worker makes the next job when it takes one, so there is one process. */
export function bullSlots(schedules: number): Side {
  return async ({ redis, scale }: Context) => {
    const queue = bullQueue(redis.port);
    await inLanes(schedules * scale, 100, async (index) => {
      await queue.upsertJobScheduler(
        `s${index}`,
        { pattern: '* * * * * *' },
        { name: 'job', data: { command: 'true' } },
      );
    });
    const claimed = new Lateness();
    const worker = bullWorker(redis.port, SLOTS, async ({ id }) => {
      // repeat:<scheduler>:<the slot in ms>
      claimed.saw(Number(id?.split(':').at(-1)));
      return null;
    });
    await worker.waitUntilReady();
    return measure(nextSecond(SECOND), schedules * scale, claimed, { redis: redis.pid, worker: process.pid });
  };
}

class Lateness {
  /** By slot, in ms. */
  readonly #seen = new Map<number, number[]>();

  saw(slot: number): void {
    const late = Date.now() - slot;
    const seen = this.#seen.get(slot);
    if (seen) seen.push(late);
    else this.#seen.set(slot, [late]);
  }

  of(slots: (slot: number) => boolean): number[] {
    return [...this.#seen].filter(([slot]) => slots(slot)).flatMap(([, late]) => late);
  }
}

/** Measures {@link MEASURED} slots of all schedules, whose first is `first`. */
async function measure(
  first: number,
  schedules: number,
  claimed: Lateness,
  pids: Readonly<Record<string, number>>,
): Promise<Figures> {
  await sleep(first + WARM_UP * SECOND - SECOND / 2 - Date.now());
  const { cores } = await watch(pids, () => sleep(MEASURED * SECOND));
  await sleep(LATEST_MS);
  const late = claimed.of((slot) => isMeasured(first, slot));
  const fired = late.length / (schedules * MEASURED);
  const total = Object.values(cores).reduce((sum, used) => sum + used, 0);
  return { values: { fired, p50: percentile(late, 50), p99: percentile(late, 99), total, ...cores }, cores };
}

function isMeasured(first: number, slot: number): boolean {
  const at = slot - first - WARM_UP * SECOND;
  return at >= 0 && at < MEASURED * SECOND;
}

function nextSecond(atLeast: number): number {
  return Math.ceil((Date.now() + atLeast) / SECOND) * SECOND;
}
