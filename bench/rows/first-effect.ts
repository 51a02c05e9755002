/** Submit → the command's first effect, when idle. */
import { request } from 'node:http';
import { Agent } from 'node:http';
import { watch } from '../harness/cpu.ts';
import { ms, times } from '../harness/format.ts';
import type { Context, Figures, Line, Row } from '../harness/row.ts';
import { percentile } from '../harness/statistics.ts';
import { timeFirstEffects } from '../load/first-effect.ts';
import { startNode } from '../load/process.ts';
import { startServe, startWorker } from '../ours/program.ts';

const WARM_UP = 50;
const SAMPLES = 200;
const PEERS = new URL('../peers/', import.meta.url).pathname;

export const row: Row = {
  how:
    `A job is posted and writes one byte into a pipe: from before the request to the byte, ${SAMPLES} times a round, ` +
    'with 15 to 30 ms of idleness between them. Ours: `jobsched serve` and `jobsched worker`; BullMQ: a node:http server ' +
    'that does `add`, and a worker that does `child_process.spawn`; each a process of its own.',
  sides: { ours, bullmq },
  lines: (medians) => [
    line('p50', 4, medians('ours', 'p50'), medians('bullmq', 'p50')),
    line('p99', 8, medians('ours', 'p99'), medians('bullmq', 'p99')),
  ],
};

function line(which: string, most: number, own: number, other: number): Line {
  return {
    what: `submit → command's first effect, idle, ${which}`,
    goal: `≤ ${most} ms`,
    reference: `BullMQ ${ms(other)}`,
    ours: ms(own),
    ratio: times(own / other),
    reached: own <= most,
  };
}

async function ours({ redis, scale }: Context): Promise<Figures> {
  await using server = await startServe(redis.url);
  await using worker = await startWorker(redis.url);
  return await measure(server.port, { redis: redis.pid, server: server.pid, worker: worker.pid }, scale);
}

async function bullmq({ redis, scale }: Context): Promise<Figures> {
  await using server = await startNode([`${PEERS}http-process.ts`, String(redis.port), 'add']);
  await using worker = await startNode([`${PEERS}bull-worker-process.ts`, String(redis.port), '16']);
  const pids = { redis: redis.pid, server: server.pid, worker: worker.pid };
  return await measure(Number(server.ready), pids, scale);
}

async function measure(port: number, pids: Readonly<Record<string, number>>, scale: number): Promise<Figures> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const submit = (command: string): Promise<void> => post(agent, port, { command });
  await timeFirstEffects(WARM_UP * scale, submit);
  const { result, cores } = await watch(pids, () => timeFirstEffects(SAMPLES * scale, submit));
  return { values: { p50: percentile(result, 50), p99: percentile(result, 99) }, cores };
}

function post(agent: Agent, port: number, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request({ agent, port, host: '127.0.0.1', method: 'POST', path: '/api/jobs', headers }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 201 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
}
