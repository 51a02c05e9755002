/** How many jobs a server takes a second, when 64 clients send them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { watch } from '../harness/cpu.ts';
import type { Context, Figures, Side } from '../harness/row.ts';
import { startServe } from '../ours/program.ts';
import { startLoad } from './http-load.ts';
import { startNode } from './process.ts';

const CONNECTIONS = 64;
const WARM_UP_MS = 1_000;
const MEASURED_MS = 2_500;

const HTTP_PROCESS = new URL('../peers/http-process.ts', import.meta.url).pathname;

/** @param jobs how many a request has; 1 is sent as the job itself. */
export function postToOurs(jobs: number): Side {
  return async (context) => {
    await using server = await startServe(context.redis.url);
    return await post(context, server, jobs);
  };
}

export function postToPeer(how: 'parse' | 'script' | 'add' | 'bulk', jobs: number): Side {
  return async (context) => {
    await using server = await startNode([HTTP_PROCESS, String(context.redis.port), how]);
    return await post(context, { pid: server.pid, port: Number(server.ready) }, jobs);
  };
}

async function post(
  { redis, scale }: Context,
  server: { readonly pid: number; readonly port: number },
  jobs: number,
): Promise<Figures> {
  const job = { command: 'true' };
  const body = JSON.stringify(jobs === 1 ? job : { jobs: Array.from({ length: jobs }, () => job) });
  const load = startLoad({ port: server.port, path: '/api/jobs', body, connections: CONNECTIONS });
  await sleep(WARM_UP_MS);
  const before = load.answered();
  const pids = { redis: redis.pid, server: server.pid, client: process.pid };
  const { seconds, cores } = await watch(pids, () => sleep(MEASURED_MS * scale));
  const answered = load.answered() - before;
  await load.stop();
  return { values: { rate: (answered * jobs) / seconds }, cores };
}
