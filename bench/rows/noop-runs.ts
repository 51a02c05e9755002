/** Runs that do nothing, through claim and finish. */
import { randomUUID } from 'node:crypto';
import { workerId } from '../../src/domain/id.ts';
import type { ClaimedRun, ClaimRequest, Ended } from '../../src/store/leases.ts';
import { watch } from '../harness/cpu.ts';
import { rate, times } from '../harness/format.ts';
import type { Context, Figures, Row } from '../harness/row.ts';
import { Progress } from '../load/progress.ts';
import { fill, onceJob, openBenchStore } from '../ours/store.ts';
import { benchWorker, noopExecutor, untilSucceeded } from '../ours/worker.ts';
import { beeQueue, fillBee } from '../peers/bee.ts';
import { bullQueue, bullWorker, fillBull } from '../peers/bullmq.ts';

const SLOTS = 50;
const WARM_UP = 3_000;
const COUNT = 24_000;

export const row: Row = {
  how:
    `${COUNT} waiting jobs are claimed, ended at once and finished, with ${SLOTS} slots in one process; measured from the ` +
    `${WARM_UP}th on, until the engine has the last end; runs a second. Ours by the worker with an executor that does ` +
    'nothing (each slot is filled as it becomes free), and by the store alone (50 are ended and 50 claimed in each call). ' +
    `BullMQ and bee-queue: a worker of concurrency ${SLOTS} whose function returns at once.`,
  alsoDurable: true,
  sides: { worker, store, bullmq, bee },
  lines: (medians) => {
    const of = (side: string): number => medians(side, 'rate');
    const what = `no-op runs through claim and finish, ${SLOTS} slots`;
    const against = (
      side: string,
      peer: string,
      name: string,
      least: number | null,
    ): ReturnType<Row['lines']>[number] => ({
      what: side === 'store' ? `${what}, store alone` : what,
      goal: least === null ? '–' : least === 1 ? `more than ${name}` : `≥ ${least}× ${name}`,
      reference: `${name} ${rate(of(peer))}`,
      ours: rate(of(side)),
      ratio: times(of(side) / of(peer)),
      reached: least === null ? null : of(side) / of(peer) >= least,
    });
    return [
      against('worker', 'bullmq', 'BullMQ', 2.5),
      against('worker', 'bee', 'bee-queue', 1),
      against('store', 'bullmq', 'BullMQ', null),
    ];
  },
};

async function worker({ redis, scale }: Context): Promise<Figures> {
  const total = COUNT * scale;
  const store = await openBenchStore(redis.url);
  await fill(store, total, () => onceJob('true'));
  const progress = new Progress();
  const warm = progress.reaches(WARM_UP * scale);
  const worker = benchWorker(
    store,
    noopExecutor(() => progress.add()),
    SLOTS,
  );
  await worker.start();
  return measure(redis.pid, total * (1 - WARM_UP / COUNT), warm, () => untilSucceeded(store, total));
}

async function store({ redis, scale }: Context): Promise<Figures> {
  const total = COUNT * scale;
  const store = await openBenchStore(redis.url);
  await fill(store, total, () => onceJob('true'));
  const owner = workerId(randomUUID());
  let claimNumber = 0;
  const request = (): ClaimRequest => ({
    owner,
    worker: 'bench',
    queues: ['default'],
    limit: SLOTS,
    claimNumber: ++claimNumber,
  });
  let held = (await store.claim(request())).claimed;
  let done = 0;
  const goOn = async (until: number): Promise<void> => {
    while (done < until && held.length > 0) {
      const { claim } = await store.finish(owner, held.map(end), request());
      done += held.length;
      held = claim?.claimed ?? [];
    }
  };
  const warm = goOn(WARM_UP * scale);
  return measure(redis.pid, total * (1 - WARM_UP / COUNT), warm, () => goOn(total));
}

function end({ run, fence }: ClaimedRun): Ended {
  return {
    run,
    fence,
    outcome: { status: 'succeeded' },
    retryAt: null,
    durationMs: 0,
    leftRunning: 0,
    endedAgoMs: 0,
    output: null,
  };
}

async function bullmq({ redis, scale }: Context): Promise<Figures> {
  const total = COUNT * scale;
  await fillBull(bullQueue(redis.port), total, 'true', 4);
  const progress = new Progress();
  const [warm, all] = [progress.reaches(WARM_UP * scale), progress.reaches(total)];
  bullWorker(redis.port, SLOTS, async () => null).on('completed', () => progress.add());
  return measure(redis.pid, total * (1 - WARM_UP / COUNT), warm, () => all);
}

async function bee({ redis, scale }: Context): Promise<Figures> {
  const total = COUNT * scale;
  const queue = beeQueue(redis.port);
  await fillBee(queue, total);
  const progress = new Progress();
  const [warm, all] = [progress.reaches(WARM_UP * scale), progress.reaches(total)];
  queue.on('succeeded', () => progress.add());
  queue.process(SLOTS, async () => null);
  return measure(redis.pid, total * (1 - WARM_UP / COUNT), warm, () => all);
}

async function measure(redis: number, count: number, warm: Promise<void>, work: () => Promise<void>): Promise<Figures> {
  await warm;
  const { seconds, cores } = await watch({ redis, node: process.pid }, work);
  return { values: { rate: count / seconds }, cores };
}
