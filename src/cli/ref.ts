/** What a person may mean by a word: a job, or a run. */
import type { Client, RunView } from '../client/client.ts';
import { parseRunId } from '../domain/id.ts';
import { JobschedError } from '../errors.ts';

/** `nightly#42` and run ids are runs; all else is a job. */
export function isRunRef(ref: string): boolean {
  return ref.includes('#') || parseRunId(ref) !== null;
}

/** How many runs are looked at for one that is more than a record of skipped slots. */
const LOOKED_AT = 50;

/**
 * The id of the run that is meant: for a job, its latest that is no skipped slot.
 *
 * @throws JobschedError `not_found` when a job has none.
 */
export async function latestRun(client: Client, ref: string): Promise<RunView> {
  if (isRunRef(ref)) return client.runs.get(ref);
  const job = await client.jobs.get(ref);
  const { rows } = await client.runs.list({ job: job.id, limit: LOOKED_AT });
  const run = rows.find((each) => each.status !== 'skipped');
  if (run) return run;
  throw new JobschedError('not_found', `${job.name ?? job.id} has not run yet`, {
    hint: job.next_run_at === null ? 'It has no next time either.' : `Its next time is ${job.next_run_at}.`,
  });
}
