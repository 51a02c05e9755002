/** What a run executed: the version of its job that was current when it was claimed. */
import type { VersionView } from '../../../src/http/schema/job-view.ts';
import type { AttemptView, RunDetail } from '../../../src/http/schema/run-view.ts';
import { listVersions } from '../api/jobs.ts';
import { useResource } from '../resource.ts';

/** Undefined until it is known, null when it is kept no more. */
export type Executed = VersionView | null | undefined;

/** Before the first attempt, what it would execute. */
export function useExecuted(run: RunDetail, attempt: AttemptView | null): Executed {
  const load = (signal: AbortSignal): Promise<readonly VersionView[]> =>
    listVersions(run.job_id, signal).then(({ versions }) => versions);
  const { value, error } = useResource(
    `versions ${run.job_id} ${attempt?.job_version}`,
    load,
    ({ kind, id }) => kind === 'job' && id === run.job_id && attempt === null,
  );
  const versions = value.value;
  if (versions === null) return error.value === null ? undefined : null;
  const wanted = attempt?.job_version ?? versions[0]?.version;
  return versions.find(({ version }) => version === wanted) ?? null;
}
