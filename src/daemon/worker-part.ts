/** The worker of a daemon, as its settings want it. */
import { randomUUID } from 'node:crypto';
import { workerId } from '../domain/id.ts';
import { SECOND } from '../domain/instant.ts';
import type { Store } from '../store/store.ts';
import { createNodeExecutor } from '../worker/executor/node-executor.ts';
import { defaultPipeFolders } from '../worker/executor/pipes.ts';
import { createWorker, type Worker } from '../worker/worker.ts';
import type { DaemonOptions } from './daemon.ts';

/** @param ownFolders where no other user can reach, for the executor's pipes; others are tried after them. */
export function newWorker(
  { settings, ...options }: DaemonOptions<'standalone'> | DaemonOptions<'worker'>,
  store: Store,
  ownFolders: readonly string[],
): Worker {
  const { clock, logger, version, hostname, childEnvironment, home } = options;
  return createWorker({
    store,
    executor: createNodeExecutor({ clock, logger, pipeFolders: [...ownFolders, ...defaultPipeFolders()] }),
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
