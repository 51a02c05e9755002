/** `jobsched standalone`: everything in one process, on an embedded file. */
import { processMetrics } from '../metrics/process.ts';
import { measuredStore } from '../metrics/store-calls.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import { dataFile } from './data-file.ts';
import { startDaemon, startOnStore, type DaemonOptions, type ServingDaemon } from './daemon.ts';
import { newJanitor, newSampler, newScheduler } from './schedule-parts.ts';
import { newServer, secureDoor } from './server-part.ts';
import { newWorker } from './worker-part.ts';

/** @throws JobschedError when a part refuses to start; nothing is left running then. */
export async function startStandalone(options: DaemonOptions<'standalone'>): Promise<ServingDaemon> {
  const { settings, clock, logger } = options;
  const report = (fault: unknown): void => logger.error({ err: fault }, 'the store met a bug');
  const file = dataFile(settings.dataDir);
  return startOnStore(await openStore({ kind: 'sqlite', file, clock, report }), (store) => startOn(store, options));
}

async function startOn(opened: Store, options: DaemonOptions<'standalone'>): Promise<ServingDaemon> {
  const { settings, clock } = options;
  const metrics = processMetrics();
  const store = measuredStore(opened, metrics, clock);
  await secureDoor(options, store, settings.dataDir);
  const scheduler = newScheduler(options, store);
  // No other user can reach into the data folder, and no other jobsched: its file is locked by now. Where it takes no
  // pipes, as some network disks do, other folders will.
  const worker = newWorker(options, store, settings.dataDir);
  let stopping = false;
  const server = newServer(options, store, {
    metrics,
    takesWork: () => !stopping,
    isStopping: () => stopping,
    parts: [
      { name: 'scheduler', check: () => scheduler.health() },
      { name: 'worker', check: () => worker.health() },
    ],
  });
  const parts = [server, worker, newJanitor(options, store), newSampler(options, store), scheduler];
  const daemon = await startDaemon({ store, parts, worker, onStop: () => (stopping = true) });
  return { ...daemon, url: server.url };
}
