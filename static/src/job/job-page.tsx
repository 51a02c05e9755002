/** `/jobs/:ref`: a job, what can be done with it, and its runs. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ApiError } from '../api/request.ts';
import { getJob } from '../api/jobs.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { useResource } from '../resource.ts';
import { jobsHref } from '../router.ts';
import { JobActions } from './job-actions.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobRuns } from './job-runs.tsx';

export function JobPage({ job: ref }: { readonly job: string; readonly tab: string }): JSX.Element {
  const resource = useResource(
    `job ${ref}`,
    (signal) => getJob(ref, signal),
    ({ kind }) => kind !== 'worker',
  );
  const failed = useSignal<ApiError | null>(null);
  const job = resource.value.value;
  const error = resource.error.value;
  if (job === null) return error === null ? <Loading title={ref} /> : <Missing error={error} />;
  return (
    <>
      <nav class="crumbs" aria-label="Where you are">
        <a href={jobsHref()}>Jobs</a>
      </nav>
      <div class="page-head">
        <PageTitle title={job.name ?? job.id.slice(0, 8)} />
        <StatusBadge status={job.status} />
        <JobActions job={job} onChanged={resource.refresh} onError={(cause) => (failed.value = cause)} />
      </div>
      {error?.code === 'not_found' && <Problem error={{ message: 'The job has been deleted.', hint: null }} />}
      {failed.value !== null && <Problem error={failed.value} />}
      <JobFacts job={job} />
      <JobRuns job={job} />
    </>
  );
}

const Loading = ({ title }: { readonly title: string }): JSX.Element => (
  <>
    <PageTitle title={title} unseen />
    <div class="skeleton" aria-label="Loading" role="img" />
  </>
);

const Missing = ({ error }: { readonly error: ApiError }): JSX.Element => (
  <>
    <PageTitle title="Job" unseen />
    <Problem error={error}>
      <p>
        <a href={jobsHref()}>All jobs</a>
      </p>
    </Problem>
  </>
);
