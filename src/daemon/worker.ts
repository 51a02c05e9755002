/** `jobsched worker`: executes runs that wait in a Redis. Listens on nothing. */
import { startDaemon, type Daemon, type DaemonOptions } from './daemon.ts';
import { startOnRedis } from './open-redis.ts';
import { newWorker } from './worker-part.ts';

/** @throws JobschedError when a part refuses to start; nothing is left running then. */
export async function startWorker(options: DaemonOptions<'worker'>): Promise<Daemon> {
  return startOnRedis(options, (store) => {
    const worker = newWorker(options, store, null);
    return startDaemon({ store, parts: [worker], worker });
  });
}
