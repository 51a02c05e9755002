/** Runs of a shell that ends at once, with what it prints. */
import { systemClock } from '../../src/clock.ts';
import { createNodeExecutor } from '../../src/worker/executor/node-executor.ts';
import { watch } from '../harness/cpu.ts';
import { rate, times } from '../harness/format.ts';
import type { Context, Figures, Line, Row } from '../harness/row.ts';
import { Progress } from '../load/progress.ts';
import { fill, onceJob, openBenchStore } from '../ours/store.ts';
import { benchWorker, silent, untilSucceeded } from '../ours/worker.ts';
import { bullQueue, bullWorker, fillBull, runShell } from '../peers/bullmq.ts';

/** Costs what `true` does, both being part of the shell, and there is output to keep. */
const COMMAND = 'echo ok';
const WARM_UP = 200;
const COUNT = 1_600;

export const row: Row = {
  how:
    `${COUNT} waiting jobs of \`/bin/sh -c '${COMMAND}'\`, by our worker with its executor for Node, and by a BullMQ worker ` +
    `that does \`child_process.spawn\` (in a process group of its own, as ours) and returns the output; measured from the ` +
    `${WARM_UP}th on; runs a second. The CPU of \`node\` contains that of its children.`,
  alsoDurable: true,
  sides: { ours16: ours(16), bullmq16: bullmq(16), ours50: ours(50), bullmq50: bullmq(50) },
  lines: (medians) =>
    [16, 50].map((slots) => line(slots, medians(`ours${slots}`, 'rate'), medians(`bullmq${slots}`, 'rate'))),
};

function line(slots: number, own: number, other: number): Line {
  return {
    what: `runs of /bin/sh -c '${COMMAND}' with output, ${slots} slots`,
    goal: '≥ 1.2× BullMQ + spawn',
    reference: `BullMQ ${rate(other)}`,
    ours: rate(own),
    ratio: times(own / other),
    reached: own / other >= 1.2,
  };
}

function ours(slots: number) {
  return async ({ redis, scale }: Context): Promise<Figures> => {
    const store = await openBenchStore(redis.url);
    await fill(store, COUNT * scale, () => onceJob(COMMAND));
    const worker = benchWorker(store, createNodeExecutor({ clock: systemClock, logger: silent }), slots);
    await worker.start();
    await untilSucceeded(store, WARM_UP * scale);
    const figures = await measure(redis.pid, scale, () => untilSucceeded(store, COUNT * scale));
    await worker.stop();
    return figures;
  };
}

function bullmq(slots: number) {
  return async ({ redis, scale }: Context): Promise<Figures> => {
    await fillBull(bullQueue(redis.port), COUNT * scale, COMMAND, 4);
    const progress = new Progress();
    const [warm, all] = [progress.reaches(WARM_UP * scale), progress.reaches(COUNT * scale)];
    bullWorker(redis.port, slots, runShell).on('completed', () => progress.add());
    await warm;
    return measure(redis.pid, scale, () => all);
  };
}

async function measure(redis: number, scale: number, work: () => Promise<void>): Promise<Figures> {
  const { seconds, cores } = await watch({ redis, node: process.pid }, work);
  return { values: { rate: ((COUNT - WARM_UP) * scale) / seconds }, cores };
}
