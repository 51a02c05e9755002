/** `jobsched serve`: API, page and scheduler on a Redis. Any number of them: there is no leader. */
import { SECOND } from '../domain/instant.ts';
import { processMetrics } from '../metrics/process.ts';
import { measuredStore } from '../metrics/store-calls.ts';
import type { Health } from '../service.ts';
import type { Store } from '../store/store.ts';
import { startDaemon, type DaemonOptions, type ServingDaemon } from './daemon.ts';
import { startOnRedis } from './open-redis.ts';
import { newJanitor, newSampler, newScheduler } from './schedule-parts.ts';
import { newServer, secureDoor } from './server-part.ts';

export interface ServeDaemon extends ServingDaemon {
  /** Whether a worker is there, for whoever wonders what to start next. */
  readonly hasWorkers: boolean;
}

const LEAVING: Health = { ready: false, detail: 'stopping: ask another server' };

/** @throws JobschedError when a part refuses to start; nothing is left running then. */
export async function startServe(options: DaemonOptions<'serve'>): Promise<ServeDaemon> {
  return startOnRedis(options, (store) => startOn(store, options));
}

async function startOn(opened: Store, options: DaemonOptions<'serve'>): Promise<ServeDaemon> {
  await secureDoor(options, opened, null);
  const metrics = processMetrics();
  const store = measuredStore(opened, metrics, options.clock);
  const scheduler = newScheduler(options, store);
  let stopping = false;
  const server = newServer(options, store, {
    metrics,
    // Workers will do what it takes to the last, and other servers fire it.
    takesWork: () => true,
    isStopping: () => stopping,
    parts: [{ name: 'scheduler', check: () => (stopping ? LEAVING : scheduler.health()) }],
  });
  const parts = [server, newJanitor(options, store), newSampler(options, store), scheduler];
  const daemon = await startDaemon({
    store,
    parts,
    onStop: () => (stopping = true),
    leavingMs: options.settings.shutdownDelay * SECOND,
  });
  const workers = await store.workers().catch(() => []);
  return { ...daemon, url: server.url, hasWorkers: workers.some(({ alive }) => alive) };
}
