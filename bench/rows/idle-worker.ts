/** What a worker takes that has nothing to do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes, watch } from '../harness/cpu.ts';
import { times } from '../harness/format.ts';
import type { Context, Figures, Row } from '../harness/row.ts';
import { startNode, type Started } from '../load/process.ts';
import { startServe, startWorker } from '../ours/program.ts';

/** After its start, which is not idle. */
const SETTLE_MS = 2_000;
const IDLE_MS = 20_000;
const BULL_WORKER = new URL('../peers/bull-worker-process.ts', import.meta.url).pathname;

export const row: Row = {
  how:
    `\`jobsched worker\` beside an idle \`jobsched serve\`, and a BullMQ worker process, each for ${IDLE_MS / 1000} s without a ` +
    'job: the CPU of the worker’s process (of Redis below), and its resident memory at the end. Once.',
  once: true,
  sides: { ours, bullmq },
  lines: (medians) => {
    const cpu = [medians('ours', 'cpu'), medians('bullmq', 'cpu')] as const;
    const rss = [medians('ours', 'rss'), medians('bullmq', 'rss')] as const;
    return [
      {
        what: 'worker idle: CPU',
        goal: '< 0.5 % of a core',
        reference: `BullMQ ${percent(cpu[1])}`,
        ours: percent(cpu[0]),
        ratio: times(cpu[0] / cpu[1]),
        reached: cpu[0] < 0.005,
      },
      {
        what: 'worker idle: resident memory',
        goal: '< 100 MB',
        reference: `BullMQ ${megabytes(rss[1])}`,
        ours: megabytes(rss[0]),
        ratio: times(rss[0] / rss[1]),
        reached: rss[0] < 100e6,
      },
    ];
  },
};

async function ours({ redis, scale }: Context): Promise<Figures> {
  await using _server = await startServe(redis.url);
  await using worker = await startWorker(redis.url);
  return await measure(worker, redis.pid, scale);
}

async function bullmq({ redis, scale }: Context): Promise<Figures> {
  await using worker = await startNode([BULL_WORKER, String(redis.port), '16']);
  return await measure(worker, redis.pid, scale);
}

async function measure({ pid }: Started, redis: number, scale: number): Promise<Figures> {
  await sleep(SETTLE_MS);
  const { cores } = await watch({ redis, worker: pid }, () => sleep(IDLE_MS * scale));
  return { values: { cpu: cores['worker'] ?? Number.NaN, rss: residentBytes(pid) }, cores };
}

function percent(part: number): string {
  return `${(part * 100).toFixed(2)} %`;
}

function megabytes(count: number): string {
  return `${(count / 1e6).toFixed(0)} MB`;
}
