/** Finds the job or the run that a path names. */
import { JobschedError } from '../errors.ts';
import { parseRunId, runId, type RunId } from '../domain/id.ts';
import type { Job } from '../domain/job.ts';
import type { Attempt, Run } from '../domain/run.ts';
import type { Store } from '../store/store.ts';
import type { App } from './app.ts';
import type { RunContext } from './run/context.ts';

/** Longer than any name or id. */
export const LONGEST_REF = 100;

/** @throws JobschedError `not_found`, `ambiguous`. */
export async function findJob(store: Pick<Store, 'findJob'>, ref: string | undefined): Promise<Job> {
  if (ref === undefined || ref.length > LONGEST_REF) throw noJob(ref ?? '');
  const result = await store.findJob(ref);
  if (result.status === 'found') return result.job;
  if (result.status === 'not_found') throw noJob(ref);
  const some = result.jobs.slice(0, 3).map((id) => id.slice(0, ref.length + 6));
  throw new JobschedError('ambiguous', `several jobs have an id that starts with ${ref}: ${some.join(', ')}, …`, {
    hint: 'Use more of its characters.',
  });
}

export interface FoundRun {
  readonly run: Run;
  readonly attempts: readonly Attempt[];
}

/**
 * @param ref `<job id>.<number>`, or as people write it: `nightly#42`, `0199a6c2#1`.
 * @throws JobschedError `not_found`, `ambiguous`.
 */
export async function findRun(store: Pick<Store, 'findJob' | 'getRun'>, ref: string | undefined): Promise<FoundRun> {
  const found = await store.getRun(await resolveRun(store, ref ?? ''));
  if (found === null) throw noRun(ref ?? '');
  return found;
}

async function resolveRun(store: Pick<Store, 'findJob'>, ref: string): Promise<RunId> {
  const parsed = parseRunId(ref);
  if (parsed !== null) return parsed.run;
  const [, job, number] = /^(.{1,100})#([1-9]\d{0,14})$/.exec(ref) ?? [];
  if (job === undefined) throw noRun(ref);
  return runId((await findJob(store, job)).id, Number(number));
}

/** What is needed to show these runs. Workers and queues are asked for only when one of them waits in a queue. */
export async function runContext({ store }: App, runs: readonly Run[]): Promise<RunContext> {
  const queued = runs.some((run) => run.place === 'queue');
  const about = queued ? Promise.all([store.workers(), store.queues()]) : ([[], []] as const);
  const [now, [workers, queues]] = await Promise.all([store.now(), about]);
  return { now, workers, queues };
}

export function noJob(ref: string): JobschedError {
  return new JobschedError('not_found', `there is no job ${JSON.stringify(ref.slice(0, LONGEST_REF))}`, {
    hint: 'A job goes by its name, its id, or at least the first 4 characters of its id.',
  });
}

export function noRun(ref: string): JobschedError {
  return new JobschedError('not_found', `there is no run ${JSON.stringify(ref.slice(0, LONGEST_REF))}`, {
    hint: 'A run goes by <job id>.<number>, or by <job>#<number> with # written as %23. Old runs are removed after a while.',
  });
}
