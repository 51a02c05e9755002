/**
 * The names of queues and of workers.
 *
 * - A queue that people name: 1 to 64 of `A-Z a-z 0-9 _ . -`, the first a letter or digit.
 * - `host:<name>` is reserved: the line of the worker of that name, which every worker serves besides its others. So that
 *   a job can be pinned to any worker, a worker's name has to fit behind the colon.
 */

/** Characters that a queue's name may have. The reserved prefix does not count. */
export const LONGEST_QUEUE_NAME = 64;

/** Characters that a worker's name may have: as many as a host name. */
export const LONGEST_WORKER_NAME = 253;

/** What the name of a worker's own queue begins with. No queue that people name can: it holds a colon. */
export const HOST_QUEUE_PREFIX = 'host:';

const NAME = '[A-Za-z0-9][A-Za-z0-9_.-]';
const QUEUE = `${NAME}{0,${LONGEST_QUEUE_NAME - 1}}`;
const WORKER = `${NAME}{0,${LONGEST_WORKER_NAME - 1}}`;

/** The names that a queue can have, the reserved ones among them. */
export const QUEUE_NAME = new RegExp(`^(?:${QUEUE}|${HOST_QUEUE_PREFIX}${WORKER})$`);

/** What {@link QUEUE_NAME} asks for, in words that follow "must be". */
export const QUEUE_NAME_WORDS = `1 to ${LONGEST_QUEUE_NAME} of A-Z a-z 0-9 _ . -, the first a letter or digit, or ${HOST_QUEUE_PREFIX} and the name of a worker`;

/** The names that a worker can have. */
export const WORKER_NAME = new RegExp(`^${WORKER}$`);

/** What {@link WORKER_NAME} asks for, in words that follow "must be". */
export const WORKER_NAME_WORDS = `1 to ${LONGEST_WORKER_NAME} of A-Z a-z 0-9 _ . -, the first a letter or digit`;

/** The queue that pins runs to the worker of that name. */
export function hostQueue(workerName: string): string {
  return `${HOST_QUEUE_PREFIX}${workerName}`;
}

/**
 * A worker's name made of a machine's, which the system lets be almost anything: what a name may not have becomes `-`,
 * and goes where a name may not begin with it. A machine of which nothing is left is `worker`.
 */
export function workerNameOf(hostname: string): string {
  const name = hostname.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return name.slice(0, LONGEST_WORKER_NAME) || 'worker';
}
