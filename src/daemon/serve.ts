/** `jobsched serve`: API, page and scheduler on a Redis. Any number of them: there is no leader. */
import type { Store } from '../store/store.ts';
import { startDaemon, type DaemonOptions, type ServingDaemon } from './daemon.ts';
import { startOnRedis } from './open-redis.ts';
import { newJanitor, newScheduler } from './schedule-parts.ts';
import { newServer, refuseOpenDoor } from './server-part.ts';

export interface ServeDaemon extends ServingDaemon {
  /** Whether a worker is there, for whoever wonders what to start next. */
  readonly hasWorkers: boolean;
}

/** @throws JobschedError when a part refuses to start; nothing is left running then. */
export async function startServe(options: DaemonOptions<'serve'>): Promise<ServeDaemon> {
  refuseOpenDoor(options.settings);
  return startOnRedis(options, (store) => startOn(store, options));
}

async function startOn(store: Store, options: DaemonOptions<'serve'>): Promise<ServeDaemon> {
  const scheduler = newScheduler(options, store);
  let stopping = false;
  const server = newServer(options, store, {
    takesWork: () => !stopping,
    parts: [{ name: 'scheduler', check: () => scheduler.health() }],
  });
  const parts = [server, newJanitor(options, store), scheduler];
  const daemon = await startDaemon({ store, parts, onStop: () => (stopping = true) });
  const workers = await store.workers().catch(() => []);
  return { ...daemon, url: server.url, hasWorkers: workers.some(({ alive }) => alive) };
}
