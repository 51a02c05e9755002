/** What of a snapshot has a text in it, in any case of its letters. */
import type { Snapshot } from './snapshot.ts';
import { reasonWords, runName } from '../run/run-words.ts';
import type { RunView } from '../../client/client.ts';

export function matching(snapshot: Snapshot, filter: string): Snapshot {
  if (filter === '') return snapshot;
  const wanted = filter.toLowerCase();
  const has = (...texts: readonly (string | null)[]): boolean =>
    texts.some((text) => text?.toLowerCase().includes(wanted) === true);
  const isWanted = (run: RunView): boolean => has(runName(run), run.queue, run.worker, reasonWords(run));
  const { stats, running, queues, workers, failed } = snapshot;
  return {
    stats,
    running: running.filter(isWanted),
    queues: queues.filter(({ name }) => has(name)),
    workers: workers.filter(({ name, queues: served }) => has(name, ...served)),
    failed: failed.filter(isWanted),
  };
}
