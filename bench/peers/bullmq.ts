/** BullMQ as its documentation starts it: its own defaults everywhere but where a row says otherwise. */
import { spawn } from 'node:child_process';
import { Queue, Worker, type Job } from 'bullmq';
import { inLanes } from '../load/lanes.ts';

const NAME = 'bench';

/** What a job of ours is to BullMQ. */
export interface Command {
  readonly command: string;
}

export function bullQueue(port: number): Queue<Command> {
  return new Queue<Command>(NAME, { connection: { host: '127.0.0.1', port } });
}

/** @param work returns what is kept as the job's result. */
export function bullWorker(
  port: number,
  concurrency: number,
  work: (job: Job<Command>) => Promise<string | null>,
): Worker<Command> {
  const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
  const worker = new Worker<Command>(NAME, work, { connection, concurrency });
  worker.on('error', (error) => console.error(error));
  return worker;
}

/** Jobs in one `addBulk`, as in one call of our store. */
const BULK = 250;

export async function fillBull(queue: Queue<Command>, count: number, command: string, lanes: number): Promise<void> {
  await inLanes(Math.ceil(count / BULK), lanes, async (call) => {
    const size = Math.min(BULK, count - call * BULK);
    await queue.addBulk(Array.from({ length: size }, () => ({ name: 'job', data: { command } })));
  });
}

/** What a worker for shell commands on BullMQ would do: run it, keep what it printed. */
export function runShell({ data }: Job<Command>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', data.command], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`exit code ${code}`))));
  });
}
