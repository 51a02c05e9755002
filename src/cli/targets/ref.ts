/** What a person may mean by a word: a job, or a run. */
import type { Client, JobView, RunDetail, RunView } from '../../client/client.ts';
import { nearest } from '../../config/nearest.ts';
import { parseRunId } from '../../domain/id.ts';
import { JobschedError } from '../../errors.ts';
import { UsageError } from '../help/failure.ts';

/** `nightly#42` and run ids are runs; all else is a job. */
export function isRunRef(ref: string): boolean {
  return ref.includes('#') || parseRunId(ref) !== null;
}

/** @throws UsageError for what looks like a run, and that no run can be called. */
export function refuseNoRun(ref: string): void {
  const { job, number } = partsOf(ref);
  const isOne = !ref.includes('#') || (job !== '' && /^[1-9]\d*$/.test(number));
  if (isOne) return;
  const why = job === '' ? 'its job is missing' : number === '' ? 'its number is missing' : `${number} is no number`;
  throw new UsageError(`${ref} is no run: ${why}`, 'A run is JOB#NUMBER, such as nightly#42.');
}

/**
 * What `ask` gives, which is about a run that goes by `ref`.
 *
 * @throws JobschedError when there is none, in the words of who types it rather than of who builds a URL.
 */
export async function aboutRun<Reply>(client: Client, ref: string, ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof JobschedError && error.code === 'not_found') throw await noRun(client, ref);
    throw error;
  }
}

/** The job that goes by `ref`. @throws JobschedError `not_found` with a guess, `ambiguous`. */
export function namedJob(client: Client, ref: string): Promise<JobView> {
  return aboutJob(client, ref, () => client.jobs.get(ref));
}

/** What `ask` gives, which is about a job that goes by `ref`; when there is none, with what may have been meant. */
export async function aboutJob<Reply>(client: Client, ref: string, ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof JobschedError) || error.code !== 'not_found') throw error;
    const guess = nearest(ref, await someNames(client));
    if (guess === null) throw error;
    throw new JobschedError('not_found', error.message, { hint: `Did you mean ${guess}?`, cause: error });
  }
}

/** The names of the newest jobs: whoever mistypes one has mostly made it not long ago. */
async function someNames(client: Client): Promise<readonly string[]> {
  const { rows } = await client.jobs.list({ limit: 200 });
  return rows.flatMap(({ name }) => (name === null ? [] : [name]));
}

/** The run that goes by `ref`. @throws JobschedError as `aboutRun`. */
export function namedRun(client: Client, ref: string): Promise<RunDetail> {
  return aboutRun(client, ref, () => client.runs.get(ref));
}

/** @throws JobschedError `not_found`, `ambiguous` when there is not even its job. */
async function noRun(client: Client, ref: string): Promise<JobschedError> {
  const { job: name, number } = partsOf(ref);
  const job = await namedJob(client, name);
  const { rows } = await client.runs.list({ job: job.id, limit: 1 });
  const newest = rows[0];
  if (newest === undefined) return new JobschedError('not_found', `${nameOf(job)} has not run yet`);
  return new JobschedError('not_found', `${nameOf(job)} has no run ${number}; its newest is #${newest.number}`, {
    hint: 'Old runs are removed after a while.',
  });
}

function partsOf(ref: string): { readonly job: string; readonly number: string } {
  const at = ref.lastIndexOf('#');
  const parsed = parseRunId(ref);
  if (parsed !== null) return { job: parsed.job, number: String(parsed.number) };
  return { job: ref.slice(0, at), number: ref.slice(at + 1) };
}

const nameOf = ({ id, name }: JobView): string => name ?? id.slice(0, 8);

/** How many runs are looked at for one that is more than a record of skipped slots. */
const LOOKED_AT = 50;

/**
 * The id of the run that is meant: for a job, its latest that is no skipped slot.
 *
 * @throws JobschedError `not_found` when a job has none.
 */
export async function latestRun(client: Client, ref: string): Promise<RunView> {
  if (isRunRef(ref)) return namedRun(client, ref);
  const job = await namedJob(client, ref);
  const { rows } = await client.runs.list({ job: job.id, limit: LOOKED_AT });
  const run = rows.find((each) => each.status !== 'skipped');
  if (run) return run;
  throw new JobschedError('not_found', `${nameOf(job)} has not run yet`, {
    hint: job.next_run_at === null ? 'It has no next time either.' : `Its next time is ${job.next_run_at}.`,
  });
}
