/** What a job takes in Redis. */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { workerId } from '../../src/domain/id.ts';
import type { ClaimedRun, Ended } from '../../src/store/leases.ts';
import { MOST_ITEMS, type Store } from '../../src/store/store.ts';
import { bytes, times } from '../harness/format.ts';
import type { Context, Figures, Line, Row } from '../harness/row.ts';
import { Progress } from '../load/progress.ts';
import { fill, onceJob, openBenchStore } from '../ours/store.ts';
import { bullQueue, bullWorker, fillBull } from '../peers/bullmq.ts';

const COUNT = 100_000;
const COMMAND = `/usr/bin/env true ${'x'.repeat(57)}`;
const OUTPUT = Buffer.alloc(200, 'x');

export const row: Row = {
  how:
    `Redis’s \`used_memory\` after ${COUNT.toLocaleString('en-US')} jobs with a command of ${COMMAND.length} bytes, less that ` +
    'before, divided by their number: while they wait, and when they have ended with 200 bytes of output each. BullMQ’s ' +
    'have the command for data, and end without any result.',
  once: true,
  sides: { ours, bullmq },
  lines: (medians) => [
    line('waiting job', 634, medians('ours', 'waiting'), medians('bullmq', 'waiting')),
    line('finished run with 200 B of output', 1_110, medians('ours', 'finished'), medians('bullmq', 'finished')),
  ],
};

function line(what: string, most: number, own: number, other: number): Line {
  return {
    what: `Redis bytes per ${what}`,
    goal: `≤ ${most}`,
    reference: `BullMQ ${bytes(other)}`,
    ours: bytes(own),
    ratio: times(own / other),
    reached: own <= most,
  };
}

async function ours(context: Context): Promise<Figures> {
  const store = await openBenchStore(context.redis.url);
  return measure(context, {
    fill: (count) => fill(store, count, () => onceJob(COMMAND)),
    finish: () => finishAll(store),
  });
}

async function finishAll(store: Store): Promise<void> {
  const owner = workerId(randomUUID());
  let claimNumber = 0;
  for (;;) {
    const request = { owner, worker: 'bench', queues: ['default'], limit: MOST_ITEMS, claimNumber: ++claimNumber };
    const { claimed } = await store.claim(request);
    if (claimed.length === 0) return;
    const { results } = await store.finish(owner, claimed.map(end), null);
    if (results.some((result) => result !== 'ok')) throw new Error('a run could not be finished');
  }
}

function end({ run, fence }: ClaimedRun): Ended {
  return {
    run,
    fence,
    outcome: { status: 'succeeded' },
    retryAt: null,
    durationMs: 12,
    leftRunning: 0,
    endedAgoMs: 0,
    output: { offset: 0, frames: [{ stream: 'stdout', at: Date.now(), bytes: OUTPUT }] },
  };
}

async function bullmq(context: Context): Promise<Figures> {
  const queue = bullQueue(context.redis.port);
  await queue.waitUntilReady();
  return measure(context, {
    fill: (count) => fillBull(queue, count, COMMAND, 4),
    finish: async (count) => {
      const progress = new Progress();
      const all = progress.reaches(count);
      const worker = bullWorker(context.redis.port, 50, async () => null).on('completed', () => progress.add());
      await all;
      await worker.close();
    },
  });
}

interface Steps {
  readonly fill: (count: number) => Promise<void>;
  readonly finish: (count: number) => Promise<void>;
}

async function measure({ redis, scale }: Context, { fill, finish }: Steps): Promise<Figures> {
  const count = COUNT * scale;
  const client = new Redis({ port: redis.port, host: '127.0.0.1' });
  const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]);
  const before = await used();
  await fill(count);
  const waiting = ((await used()) - before) / count;
  await finish(count);
  const finished = ((await used()) - before) / count;
  return { values: { waiting, finished } };
}
