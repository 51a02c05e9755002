/** Two live workers of one name are most often a mistake: jobs that are pinned to the name run on either. */
import { SECOND, type Millis } from '../domain/instant.ts';
import type { Logger } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { WorkerInfo, WorkerRecord } from '../store/workers.ts';

/** By then a worker that lives has been seen again: heartbeats come every 5 s. */
export const SEEN_AGAIN_WITHIN: Millis = 7 * SECOND;

/** Others of this name that may live, or may have died a moment ago. */
export async function namesakesOf(store: Pick<Store, 'workers'>, self: WorkerInfo): Promise<readonly WorkerRecord[]> {
  const workers = await store.workers();
  return workers.filter(({ id, name, alive }) => alive && name === self.name && id !== self.id);
}

/**
 * Warns of those that have been seen again since `before`, so of no worker that this one takes the place of.
 *
 * @param before what {@link namesakesOf} told {@link SEEN_AGAIN_WITHIN} ago.
 */
export async function warnOfNamesakes(
  store: Pick<Store, 'workers'>,
  self: WorkerInfo,
  before: readonly WorkerRecord[],
  logger: Logger,
): Promise<void> {
  const seen = new Map(before.map(({ id, lastSeenAt }) => [id, lastSeenAt]));
  for (const { id, name, host, pid, lastSeenAt } of await namesakesOf(store, self)) {
    if (lastSeenAt <= (seen.get(id) ?? Infinity)) continue;
    logger.warn(
      { worker: name, host, pid },
      `another live worker is called ${name}, process ${pid} on ${host}: give each its own --name, or jobs pinned to host:${name} run on either`,
    );
  }
}
