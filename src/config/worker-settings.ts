/** Settings of what executes runs: `standalone` and `worker`. */
import {
  HOST_QUEUE_PREFIX,
  QUEUE_NAME,
  QUEUE_NAME_WORDS,
  WORKER_NAME,
  WORKER_NAME_WORDS,
  workerNameOf,
} from '../domain/queue.ts';
import { setting } from './setting.ts';
import { integer, list, text } from './values.ts';

export const WORKER_SETTINGS = {
  concurrency: setting({
    schema: integer(1, 10_000),
    fallback: (machine) => Math.max(16, 4 * machine.cpus),
    fallbackWords: '4 for each CPU, at least 16',
    placeholder: '<runs>',
    help: 'How many runs this worker executes at a time.',
  }),
  queue: setting<readonly string[]>({
    schema: list(text().refine((name) => QUEUE_NAME.test(name), `must be names of queues: ${QUEUE_NAME_WORDS}`)),
    fallback: () => ['default'],
    placeholder: '<names>',
    help: 'The queues this worker serves, besides host:<its name>. May be repeated.',
  }),
  name: setting({
    schema: text().refine(
      (name) => WORKER_NAME.test(name),
      `must be ${WORKER_NAME_WORDS}: jobs are pinned to this worker by the queue ${HOST_QUEUE_PREFIX}<its name>`,
    ),
    fallback: (machine) => workerNameOf(machine.hostname),
    fallbackWords: 'the host name, with - for what a name may not have',
    placeholder: '<name>',
    help: `The name of this worker: ${WORKER_NAME_WORDS}.`,
  }),
  drainTimeout: setting({
    schema: integer(0, 86_400),
    fallback: () => 30,
    placeholder: '<seconds>',
    help: 'How long runs may go on after TERM before they are ended, with 10 s at most between TERM and KILL. 0 to 86400.',
  }),
  metricsPort: setting<number | null>({
    schema: integer(0, 65_535),
    fallback: () => null,
    fallbackWords: 'none',
    placeholder: '<port>',
    help: 'Port on 127.0.0.1 and ::1 where a `worker` shows numbers of its own to Prometheus, at /metrics. 0 takes a free one. A standalone shows them with all others.',
  }),
  passEnv: setting<readonly string[]>({
    schema: list(text().refine((name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), 'is not the name of a variable')),
    fallback: () => [],
    fallbackWords: 'none',
    placeholder: '<names>',
    help: 'Environment variables of this process that commands get as well. May be repeated.',
  }),
} as const;
