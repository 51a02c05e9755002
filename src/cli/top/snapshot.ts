/** What `top` shows of a server, asked for at one moment. */
import type { QueueView, RunView, StatsView, WorkerView } from '../../client/client.ts';
import type { Session } from '../session.ts';

export interface Snapshot {
  readonly stats: StatsView;
  /** The longest first. */
  readonly running: readonly RunView[];
  readonly queues: readonly QueueView[];
  /** Those that are there. */
  readonly workers: readonly WorkerView[];
  /** The newest first. */
  readonly failed: readonly RunView[];
}

/** More than a terminal has lines. */
const MOST_RUNS = 100;

export async function snapshot({ client }: Session): Promise<Snapshot> {
  const [stats, running, queues, workers, failed] = await Promise.all([
    client.stats(),
    client.runs.list({ status: ['running'], limit: MOST_RUNS }),
    client.queues(),
    client.workers(),
    client.runs.list({ status: ['failed'], limit: MOST_RUNS }),
  ]);
  return {
    stats,
    running: running.rows.toSorted((one, other) => begun(one) - begun(other)),
    queues,
    workers: workers.filter(({ alive }) => alive),
    failed: failed.rows,
  };
}

/** When its first attempt was claimed: a run that was retried is as old as all of them. */
export const begun = (run: RunView): number => Date.parse(run.started_at ?? run.created_at);
