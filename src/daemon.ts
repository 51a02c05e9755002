/**
 * Puts a store, an HTTP server, a worker and a scheduler together, as a command asks.
 *
 * Start: what can refuse comes first, so that a file in use or a taken port stops everything before anything runs.
 * Stop: first no more work and slots, then no more runs, then no more requests; the store goes last.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import type { Settings } from './config/settings.ts';
import { workerId } from './domain/id.ts';
import { SECOND } from './domain/instant.ts';
import { JobschedError } from './errors.ts';
import { PAGE_ASSETS } from './http/page/assets.ts';
import { createHttpServer, type HttpServer } from './http/server/server.ts';
import type { Logger } from './log.ts';
import { Janitor } from './scheduler/janitor.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import type { Service } from './service.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { createNodeExecutor } from './worker/executor/node-executor.ts';
import { createWorker, type Worker } from './worker/worker.ts';

export interface Daemon {
  /** Where the page is. */
  readonly url: string;
  /** Where the data lies, for people. */
  readonly location: string;
  /** Lets runs end, for as long as the drain may take. Repeatable. */
  stop(): Promise<void>;
  /** Ends them; also while `stop` waits for them. */
  stopNow(): Promise<void>;
}

export interface DaemonOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  /** The machine's name, as workers report it and requests may be addressed to. */
  readonly hostname: string;
  /** This process's user, or null where the system has no numeric users. */
  readonly uid: number | null;
  /** What commands start from. */
  readonly childEnvironment: Readonly<Record<string, string>>;
  /** Where commands start, unless their job says otherwise. */
  readonly home: string;
}

/** How long and how many finished once jobs are kept (design section 4, Retention). */
const ONCE_KEEP = { onceKeepDays: 7, onceKeepCount: 100_000 } as const;

/**
 * Everything in one process, on an embedded file.
 *
 * @throws JobschedError when a part refuses to start; nothing is left running then.
 */
export async function startStandalone(options: DaemonOptions): Promise<Daemon> {
  const { settings, clock, logger } = options;
  refuseOpenDoor(settings);
  const report = (fault: unknown): void => logger.error({ err: fault }, 'the store met a bug');
  const store = await openStore({ kind: 'sqlite', file: join(settings.dataDir, 'jobsched.db'), clock, report });
  const scheduler = new Scheduler({ store, clock, logger });
  const janitor = new Janitor({ store, logger, policy: { ...ONCE_KEEP, outputBudgetBytes: settings.outputBudget } });
  const worker = newWorker(options, store);
  let stopping = false;
  const server = newServer(options, store, { scheduler, worker, takesWork: () => !stopping });

  // Stopped in the opposite order.
  const parts: readonly Service[] = [server, worker, janitor, scheduler];
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const part of parts.toReversed()) await part.stop();
    await store.close();
  };
  try {
    for (const part of parts) await part.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: server.url,
    location: store.capabilities.location,
    stop,
    stopNow: async () => {
      await worker.stop({ now: true });
      await stop();
    },
  };
}

function newWorker({ settings, ...options }: DaemonOptions, store: Store): Worker {
  const { clock, logger, version, hostname, childEnvironment, home } = options;
  return createWorker({
    store,
    // No other user can reach into the data folder, and no other jobsched: its file is locked by now. Where it takes no
    // pipes, as some network disks do, other folders will.
    executor: createNodeExecutor({ clock, logger, ownedFolder: settings.dataDir }),
    clock,
    logger,
    id: workerId(randomUUID()),
    name: settings.name,
    host: hostname,
    version,
    queues: settings.queue,
    concurrency: settings.concurrency,
    drainTimeoutMs: settings.drainTimeout * SECOND,
    environment: childEnvironment,
    home,
  });
}

interface Served {
  readonly scheduler: Scheduler;
  readonly worker: Worker;
  readonly takesWork: () => boolean;
}

function newServer({ settings, ...options }: DaemonOptions, store: Store, served: Served): HttpServer {
  const { clock, logger, version, hostname, uid } = options;
  return createHttpServer({
    store,
    clock,
    logger,
    version,
    host: settings.host,
    port: settings.port,
    machineName: hostname,
    allowedHosts: settings.allowedHost,
    publicUrl: settings.publicUrl,
    timezone: settings.timezone,
    localUser: settings.auth === 'local' ? uid : null,
    takesWork: served.takesWork,
    parts: [
      { name: 'scheduler', check: () => served.scheduler.health() },
      { name: 'worker', check: () => served.worker.health() },
    ],
    page: PAGE_ASSETS,
  });
}

/** Whoever may ask owns the machine that runs the commands, so an open door has to be asked for by name. */
function refuseOpenDoor({ host, auth }: Settings): void {
  if (host === null || auth === 'none' || isLoopback(host)) return;
  throw new JobschedError(
    'invalid_config',
    `--host ${host} would let others than this machine's user run commands here`,
    {
      field: '--host',
      hint: 'leave --host out to listen on this machine only, or add --auth none to let whoever reaches the port do so',
    },
  );
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
