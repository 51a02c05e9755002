/** `jobsched worker`: executes runs that wait in a Redis. Listens on nothing, but for `--metrics-port`. */
import { processMetrics } from '../metrics/process.ts';
import { measuredStore } from '../metrics/store-calls.ts';
import { startDaemon, type Daemon, type DaemonOptions } from './daemon.ts';
import { MetricsPort } from './metrics-port.ts';
import { startOnRedis } from './open-redis.ts';
import { newWorker } from './worker-part.ts';

/** @throws JobschedError when a part refuses to start; nothing is left running then. */
export async function startWorker(options: DaemonOptions<'worker'>): Promise<Daemon> {
  const { settings, hostname: machineName, logger } = options;
  return startOnRedis(options, (opened) => {
    const metrics = processMetrics();
    const store = measuredStore(opened, metrics, options.clock);
    const worker = newWorker(options, store, null);
    const { metricsPort: port } = settings;
    const page = port === null ? [] : [new MetricsPort({ port, metrics, machineName, logger })];
    return startDaemon({ store, parts: [...page, worker], worker });
  });
}
