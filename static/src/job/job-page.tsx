/** `/jobs/:ref`: a job, what can be done with it, how it has fared, its runs, its definition, its versions. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { ApiError } from '../api/request.ts';
import { getJob } from '../api/jobs.ts';
import { lazy } from '../parts/lazy.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { Tabs } from '../parts/tabs.tsx';
import { useResource, type Resource } from '../resource.ts';
import { jobHref, jobsHref } from '../router.ts';
import { JobActions } from './job-actions.tsx';
import { JobCharts } from './job-charts.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobRuns } from './job-runs.tsx';
import { Versions } from './versions.tsx';

const DefinitionPage = lazy(() => import('../forms.ts').then((part) => part.DefinitionPage));

interface Props {
  readonly job: string;
  readonly tab: 'runs' | 'definition' | 'versions';
}

export function JobPage({ job: ref, tab }: Props): JSX.Element {
  const resource: Resource<JobView> = useResource(
    `job ${ref}`,
    (signal) => getJob(ref, signal),
    ({ kind, id }) => (kind === 'job' || kind === 'run') && id.startsWith(resource.value.peek()?.id ?? ''),
  );
  const failed = useSignal<ApiError | null>(null);
  const job: JobView | null = resource.value.value;
  const error = resource.error.value;
  if (job === null) return error === null ? <Loading title={ref} /> : <Missing error={error} />;
  const name = job.name ?? job.id;
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
      <Tabs
        name="About the job"
        tabs={[
          { text: 'Runs', href: jobHref(name), current: tab === 'runs' },
          { text: 'Definition', href: jobHref(name, 'definition'), current: tab === 'definition' },
          { text: 'Versions', href: jobHref(name, 'versions'), current: tab === 'versions' },
        ]}
      />
      {tab === 'runs' && (
        <>
          <JobFacts job={job} />
          <JobCharts job={job} />
          <JobRuns job={job} />
        </>
      )}
      {tab === 'definition' && <DefinitionPage job={job} onChanged={resource.refresh} />}
      {tab === 'versions' && <Versions job={job} />}
    </>
  );
}

const Loading = ({ title }: { readonly title: string }): JSX.Element => (
  <>
    <PageTitle title={title} unseen />
    <Skeleton />
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
