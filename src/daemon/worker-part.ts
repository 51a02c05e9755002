/** The worker of a daemon, as its settings want it. */
import { randomUUID } from 'node:crypto';
import { workerId } from '../domain/id.ts';
import { SECOND } from '../domain/instant.ts';
import type { Store } from '../store/store.ts';
import { createNodeExecutor } from '../worker/executor/node-executor.ts';
import { createStandIn } from '../worker/executor/stand-in.ts';
import { createWorker, type Worker } from '../worker/worker.ts';
import type { DaemonOptions } from './daemon.ts';

/** @param ownedFolder one that no other process uses, for the executor's pipes; null for none. Others are tried after it. */
export function newWorker(
  { settings, ...options }: DaemonOptions<'standalone'> | DaemonOptions<'worker'>,
  store: Store,
  ownedFolder: string | null,
): Worker {
  const { clock, logger, version, hostname, childEnvironment, home } = options;
  return createWorker({
    store,
    executor: createNodeExecutor({ clock, logger, ...(ownedFolder === null ? {} : { ownedFolder }) }),
    ...(store.capabilities.exclusive
      ? {}
      : { standIn: createStandIn(() => logger.warn('the stand-in died and is started again')) }),
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
