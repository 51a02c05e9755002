/** How long until somebody who looks can see that a worker is dead. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { times } from '../harness/format.ts';
import type { Context, Figures, Row } from '../harness/row.ts';
import { startNode } from '../load/process.ts';
import { startServe, startWorker } from '../ours/program.ts';
import { bullQueue } from '../peers/bullmq.ts';

const POLL_MS = 100;
const BULL_WORKER = new URL('../peers/bull-worker-process.ts', import.meta.url).pathname;

export const row: Row = {
  how:
    'A worker is killed with SIGKILL while it runs `sleep 300`. Ours: until the API says `contact_lost`. BullMQ, with its ' +
    'defaults and a second worker that is idle: until the job is no longer told to be active on the dead one, that is, ' +
    'its lock has gone. Once, looking 10 times a second.',
  once: true,
  sides: { ours, bullmq },
  lines: (medians) => {
    const [own, other] = [medians('ours', 'seconds'), medians('bullmq', 'seconds')];
    return [
      {
        what: 'dead worker visible',
        goal: '≤ 16 s',
        reference: `BullMQ ${other.toFixed(1)} s`,
        ours: `${own.toFixed(1)} s`,
        ratio: times(own / other),
        reached: own <= 16,
      },
    ];
  },
};

async function ours({ redis }: Context): Promise<Figures> {
  await using server = await startServe(redis.url);
  await using worker = await startWorker(redis.url);
  const base = `http://127.0.0.1:${server.port}/api`;
  const reply = await fetch(`${base}/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'sleep 300' }),
  });
  const { id } = (await reply.json()) as { id: string };
  const look = async (): Promise<{ status: string; contact_lost: boolean }> =>
    (await (await fetch(`${base}/runs/${id}.1`)).json()) as never;
  while ((await look()).status !== 'running') await sleep(POLL_MS);
  worker.process.kill('SIGKILL');
  return await untilSeen(async () => (await look()).contact_lost);
}

async function bullmq({ redis }: Context): Promise<Figures> {
  const queue = bullQueue(redis.port);
  await using worker = await startNode([BULL_WORKER, String(redis.port), '16']);
  const job = await queue.add('job', { command: 'sleep 300' });
  while (!(await job.isActive())) await sleep(POLL_MS);
  await using _other = await startNode([BULL_WORKER, String(redis.port), '16']);
  worker.process.kill('SIGKILL');
  const client = new Redis({ port: redis.port, host: '127.0.0.1' });
  return await untilSeen(async () => (await client.exists(`${queue.toKey(job.id ?? '')}:lock`)) === 0);
}

async function untilSeen(seen: () => Promise<boolean>): Promise<Figures> {
  const began = performance.now();
  while (!(await seen())) await sleep(POLL_MS);
  return { values: { seconds: (performance.now() - began) / 1000 } };
}
