/** How the jobs of a list have fared lately: asked for those in sight, few at a time, and again when a job's last run changed. */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { JobStats } from '../../../src/http/schema/stats.ts';
import { logins } from '../api/login-needed.ts';
import { ApiError } from '../api/request.ts';
import { getJobStats } from '../api/stats.ts';

/** A browser opens only six connections to a server, and the rest of the page needs some. */
const AT_ONCE = 3;
/** A job that runs every second is not asked about every second. */
const REST_MS = 3_000;
/** So many are remembered, for scrolling back. */
const MOST_KEPT = 1_000;

interface Known {
  readonly stats: Signal<JobStats | null>;
  /** What it was when it was asked about. */
  state: string;
}

const known = new Map<string, Known>();
const waiting = new Map<string, () => Promise<void>>();
let asking = 0;

/** Null before the first answer. */
export function useJobNumbers(job: JobView): ReadonlySignal<JobStats | null> {
  const { id } = job;
  const entry = useMemo(() => knownOf(id), [id]);
  const state = `${job.last_run?.id} ${job.last_run?.status}`;
  useEffect(() => {
    if (entry.state === state) return undefined;
    const first = entry.state === '';
    const timer = setTimeout(() => want(id, () => ask(id, entry, state)), first ? 0 : REST_MS);
    return () => {
      clearTimeout(timer);
      waiting.delete(id);
    };
  }, [entry, state, logins.value]);
  return entry.stats;
}

function knownOf(id: string): Known {
  const entry = known.get(id) ?? { stats: signal(null), state: '' };
  known.delete(id);
  known.set(id, entry);
  const [oldest] = known.keys();
  if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
  return entry;
}

async function ask(id: string, entry: Known, state: string): Promise<void> {
  try {
    entry.stats.value = await getJobStats(id);
    entry.state = state;
  } catch (error) {
    // It is asked again when the job changes; until then the row goes without.
    if (!(error instanceof ApiError)) throw error;
  }
}

function want(id: string, work: () => Promise<void>): void {
  waiting.set(id, work);
  void next();
}

async function next(): Promise<void> {
  const [first] = waiting;
  if (first === undefined || asking >= AT_ONCE) return;
  const [id, work] = first;
  waiting.delete(id);
  asking++;
  try {
    await work();
  } finally {
    asking--;
    void next();
  }
}
