/** Bulk enqueue through the store. */
import { watch } from '../harness/cpu.ts';
import { rate, times } from '../harness/format.ts';
import type { Context, Figures, Row } from '../harness/row.ts';
import { fill, LANES, onceJob, openBenchStore } from '../ours/store.ts';
import { bullQueue, fillBull } from '../peers/bullmq.ts';

const COMMAND = 'true';
const WARM_UP = 5_000;
const COUNT = 80_000;

export const row: Row = {
  how:
    '`createJobs` and `addBulk`, 250 jobs a call, 4 calls under way at a time, from one process. After a warm-up of ' +
    `${WARM_UP} jobs; jobs a second.`,
  alsoDurable: true,
  sides: { ours, bullmq },
  lines: (medians) => {
    const [own, other] = [medians('ours', 'rate'), medians('bullmq', 'rate')];
    return [
      {
        what: 'bulk enqueue, store',
        goal: '≥ 4× BullMQ addBulk',
        reference: `BullMQ ${rate(other)}`,
        ours: rate(own),
        ratio: times(own / other),
        reached: own / other >= 4,
      },
    ];
  },
};

async function ours({ redis, scale }: Context): Promise<Figures> {
  const store = await openBenchStore(redis.url);
  await fill(store, WARM_UP, () => onceJob(COMMAND));
  return measure(redis.pid, COUNT * scale, (count) => fill(store, count, () => onceJob(COMMAND)));
}

async function bullmq({ redis, scale }: Context): Promise<Figures> {
  const queue = bullQueue(redis.port);
  await fillBull(queue, WARM_UP, COMMAND, LANES);
  return measure(redis.pid, (COUNT / 2) * scale, (count) => fillBull(queue, count, COMMAND, LANES));
}

async function measure(redis: number, count: number, work: (count: number) => Promise<void>): Promise<Figures> {
  const { seconds, cores } = await watch({ redis, node: process.pid }, () => work(count));
  return { values: { rate: count / seconds }, cores };
}
