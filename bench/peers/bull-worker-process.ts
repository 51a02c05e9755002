/** A BullMQ worker for shell commands, in a process of its own: `bull-worker-process.ts <redis port> <concurrency>`. */
import { bullWorker, runShell } from './bullmq.ts';

const worker = bullWorker(Number(process.argv[2]), Number(process.argv[3]), runShell);
await worker.waitUntilReady();
console.log('ready');
