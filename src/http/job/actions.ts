/** What is done to a job, whether it is asked for alone or with many others. */
import { JobschedError } from '../../errors.ts';
import { parseRunId, type RunId } from '../../domain/id.ts';
import type { Job } from '../../domain/job.ts';
import type { Run } from '../../domain/run.ts';
import type { CancelResult, TriggerRequest } from '../../store/runs.ts';
import { MOST_ITEMS } from '../../store/store.ts';
import { called } from '../audit/deeds.ts';
import { noJob } from '../lookup.ts';
import { keyReused } from '../request/idempotency.ts';
import type { ApiRequest } from '../routes/route.ts';
import { whenAll } from '../when-all.ts';
import { nextSlot } from './judge.ts';

type Acting = Pick<ApiRequest, 'app' | 'deeds' | 'requireListener'>;

/** @throws JobschedError `not_a_schedule`, `not_found`. */
export async function pause({ app: { store }, deeds }: Acting, job: Job): Promise<Job> {
  const name = called(job.definition.name);
  const result = await deeds.trying(store.pauseJob(job.id), job.id, name);
  if (result.status === 'paused') {
    deeds.did(job.id, name);
    return result.job;
  }
  throw result.status === 'not_found' ? noJob(job.id) : notASchedule(job);
}

/**
 * The first slot to come is computed here and checked there; a slot that comes in between takes another round.
 *
 * @throws JobschedError `not_a_schedule`, `not_found`.
 */
export async function resume({ app: { store }, deeds }: Acting, job: Job): Promise<Job> {
  const name = called(job.definition.name);
  let after = Math.max(await store.now(), job.lastSlot ?? 0);
  for (;;) {
    const result = await deeds.trying(store.resumeJob(job.id, nextSlot(job.definition, after)), job.id, name);
    if (result.status === 'resumed') {
      deeds.did(job.id, name);
      return result.job;
    }
    if (result.status === 'not_found') throw noJob(job.id);
    if (result.status === 'not_a_schedule') throw notASchedule(job);
    after = Math.max(result.now, result.lastSlot ?? 0);
  }
}

/** @throws JobschedError `job_running` unless forced, `not_found`. */
export async function remove({ app: { store }, deeds }: Acting, job: Job, force: boolean): Promise<void> {
  const detail = { ...called(job.definition.name), force };
  const result = await deeds.trying(store.deleteJob(job.id, force), job.id, detail);
  if (result.status === 'deleted') {
    deeds.did(job.id, detail);
    return;
  }
  if (result.status === 'not_found') throw noJob(job.id);
  throw jobRunning(result.runs);
}

/** How many runs a request may still cancel. */
export interface CancelBudget {
  left: number;
}

export interface Cancelled {
  readonly count: number;
  /** The budget is spent, and some below this number may live on. Null: none was left. */
  readonly next: number | null;
  /** As many as a reply shows. */
  readonly newest: readonly RunId[];
}

/** @param before only runs of lower numbers. */
export async function cancelLive(acting: Acting, job: Job, budget: CancelBudget, before?: number): Promise<Cancelled> {
  const cancelled: CancelledSoFar = { count: 0, newest: [] };
  for await (const next of cancelInBatches(acting, job, { budget, cancelled, before })) {
    if (budget.left <= 0) return { ...cancelled, next };
  }
  return { ...cancelled, next: null };
}

export interface CancelledSoFar {
  count: number;
  readonly newest: RunId[];
}

interface Cancelling {
  readonly budget: CancelBudget;
  readonly cancelled: CancelledSoFar;
  readonly before?: number | undefined;
}

/**
 * From the newest on, as many at once as the store takes; none that comes meanwhile, and none that ended by itself. Those
 * that were asked to end before cost nothing, so that whoever asks again gets further. Between two batches it says below
 * which number the next one lies: to be gone on with, or left.
 */
export async function* cancelInBatches(
  { app: { store }, deeds, requireListener }: Acting,
  { id, definition: { name } }: Job,
  { budget, cancelled, before }: Cancelling,
): AsyncGenerator<number, null> {
  const cancel = async (run: Run): Promise<void> => {
    if (!isCancelled(await deeds.trying(store.cancel(run.id), id, called(name)))) return;
    cancelled.count += 1;
    if (!run.cancelRequested) budget.left -= 1;
    if (cancelled.newest.length < MOST_ITEMS) cancelled.newest.push(run.id);
    deeds.did(id, { ...called(name), runs: cancelled.count });
  };
  let live = await store.liveRuns(id, before);
  for (;;) {
    const last = live.at(-1);
    if (last === undefined) return null;
    await whenAll(live.map(cancel));
    requireListener();
    live = await store.liveRuns(id, last.number);
    if (live.length > 0) yield last.number;
  }
}

/** A run by hand. @throws JobschedError `overlap` unless forced, `idempotency_key_reused`, `not_found`. */
export async function trigger(
  { app: { store }, deeds, requireListener }: Acting,
  wanted: TriggerRequest,
): Promise<{ readonly run: Run; readonly replayed: boolean }> {
  for (;;) {
    // The run's number is not known then.
    const result = await deeds.trying(store.trigger(wanted), wanted.job);
    switch (result.status) {
      case 'triggered':
        deeds.did(result.run.id, called(result.run.jobName));
        return { run: result.run, replayed: false };
      case 'existing':
        return { run: result.run, replayed: true };
      case 'more':
        requireListener();
        continue;
      case 'key_reused':
        throw keyReused(wanted.request);
      case 'not_found':
        throw noJob(wanted.job);
      case 'overlap':
        throw overlapping(result.live);
    }
  }
}

function isCancelled({ status }: CancelResult): boolean {
  return status === 'cancelled' || status === 'requested';
}

export function jobRunning(runs: readonly RunId[]): JobschedError {
  return new JobschedError('job_running', `the job is running: ${runs.slice(0, 3).join(', ')}`, {
    hint: 'Wait for its end, or delete it with force, which cancels what is running.',
  });
}

export function notASchedule(job: Job): JobschedError {
  return new JobschedError('not_a_schedule', `the job ${job.definition.name ?? job.id} runs once and has no schedule`, {
    hint: 'To stop its run, cancel it.',
  });
}

export function overlapping(live: RunId): JobschedError {
  const number = parseRunId(live)?.number ?? live;
  return new JobschedError('overlap', `run #${number} of this job is live, and its overlap policy lets no other run`, {
    hint: 'Wait for its end, or cancel it. In the API, {"force": true} runs it all the same.',
  });
}
