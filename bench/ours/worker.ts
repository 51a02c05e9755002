/** Our worker in this process, with an executor of ours or of the row's. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import { workerId } from '../../src/domain/id.ts';
import type { Store } from '../../src/store/store.ts';
import type { CommandSpec, Executor } from '../../src/worker/executor/executor.ts';
import { createWorker, type Worker } from '../../src/worker/worker.ts';

export const silent = pino({ level: 'silent' });

export function benchWorker(store: Store, executor: Executor, concurrency: number): Worker {
  return createWorker({
    store,
    executor,
    concurrency,
    clock: systemClock,
    logger: silent,
    id: workerId(randomUUID()),
    name: 'bench',
    host: 'bench',
    version: '0.0.0',
    queues: ['default'],
    drainTimeoutMs: 1_000,
    environment: { PATH: process.env['PATH'] ?? '' },
    home: '/tmp',
  });
}

/** Commands that have ended as soon as they begin. */
export function noopExecutor(onStart: (spec: CommandSpec) => void): Executor {
  const started = Promise.resolve(null);
  const ended = Promise.resolve({ outcome: { status: 'succeeded' }, durationMs: 0, left: [] } as const);
  return {
    start(spec) {
      onStart(spec);
      return { started, ended, stop: () => {} };
    },
    close: async () => {},
  };
}

/** Resolves when so many runs have succeeded, as the store tells. */
export async function untilSucceeded(store: Store, count: number): Promise<void> {
  while ((await store.counts()).runs.succeeded < count) await new Promise((resolve) => setTimeout(resolve, 2));
}
