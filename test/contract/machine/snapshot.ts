/** All that a store shows, through the contract alone. */
import type { RunId } from '../../../src/domain/id.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { Job } from '../../../src/domain/job.ts';
import type { Attempt, Run } from '../../../src/domain/run.ts';
import { isFinal } from '../../../src/domain/run-state.ts';
import type { Store } from '../../../src/store/store.ts';
import type { QueueCounts } from '../../../src/store/queues.ts';
import type { Totals } from '../../../src/store/totals.ts';
import type { Counts, Cursor, Page } from '../../../src/store/views.ts';

export interface Snapshot {
  /** The engine's. */
  readonly now: Instant;
  /** Newest first, as listed. */
  readonly jobs: readonly Job[];
  /** Newest first, as listed. */
  readonly runs: readonly Run[];
  readonly attempts: ReadonlyMap<RunId, readonly Attempt[]>;
  readonly counts: Counts;
  readonly totals: Totals;
  readonly queues: readonly QueueCounts[];
}

/** @param before what was seen last: attempts of a run that was final then are not read again. */
export async function snapshot(store: Store, before: Snapshot | null = null): Promise<Snapshot> {
  const jobs = await everyPage((cursor) => store.listJobs({}, 200, cursor));
  const runs = await everyPage((cursor) => store.listRuns({}, 200, cursor));
  const attempts = new Map<RunId, readonly Attempt[]>();
  const done = new Set(before?.runs.filter(({ status }) => isFinal(status)).map(({ id }) => id));
  for (const { id } of runs) {
    const known = done.has(id) ? before?.attempts.get(id) : undefined;
    attempts.set(id, known ?? (await store.getRun(id))?.attempts ?? []);
  }
  const [now, counts, totals, queues] = await Promise.all([
    store.now(),
    store.counts(),
    store.totals(),
    store.queues(),
  ]);
  return { now, jobs, runs, attempts, counts, totals, queues };
}

/** The same and more, as plain data to compare: two stores that did the same show the same. */
export async function dump(store: Store): Promise<object> {
  const { jobs, runs, attempts, counts, totals, queues } = await snapshot(store);
  const output: object[] = [];
  for (const [run, list] of attempts) {
    for (const { number } of list) output.push({ run, number, page: await store.readOutput(run, number, 0) });
  }
  const versions = await Promise.all(jobs.map(({ id }) => store.jobVersions(id)));
  const live = await Promise.all(jobs.map(({ id }) => store.liveRuns(id)));
  const workers = await store.workers();
  const samples = await store.samplesAt([await store.now()]);
  const [keys, audit] = [await store.keys(), await store.listAudit({}, 200, null)];
  return {
    jobs,
    runs,
    attempts: [...attempts],
    keys,
    audit,
    counts,
    totals: sorted(totals),
    queues,
    output,
    versions,
    live,
    workers,
    samples,
  };
}

/** No engine promises an order of these. */
function sorted({ ended, retried, ...rest }: Totals): object {
  const lines = [...ended, ...retried].map((one) => JSON.stringify(one)).toSorted();
  return { ...rest, lines };
}

async function everyPage<Row>(list: (cursor: Cursor | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: Cursor | null = null;
  do {
    const page: Page<Row> = await list(cursor);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}
