/** What the list of jobs shows of each. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { duration } from '../format/duration.ts';
import { Elapsed } from '../parts/elapsed.tsx';
import { Ago, Moment, Until } from '../parts/moment.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { jobHref, runHref } from '../router.ts';
import type { Column } from '../table/data-table.tsx';
import { useJobNumbers } from './job-numbers.ts';
import { RunStrip } from './run-strip.tsx';

/** What people call a job: its command when it has no name. */
export const jobName = (job: JobView): string => job.name ?? job.command;

/** @param onTag shows the jobs of a tag. */
export const jobColumns = (onTag: (tag: string) => void): readonly Column<JobView>[] => [
  { name: 'State', class: 'state', cell: (job) => <StatusBadge status={job.status} /> },
  { name: 'Job', class: 'what', isHeader: true, cell: (job) => <JobCell job={job} onTag={onTag} /> },
  { name: 'Schedule', class: 'schedule', cell: (job) => <Schedule job={job} /> },
  {
    name: 'Next',
    class: 'next number',
    cell: (job) => (job.next_run_at === null ? null : <Until at={job.next_run_at} zone={job.timezone} />),
  },
  { name: 'Last run', class: 'last', cell: (job) => <LastRun job={job} /> },
  { name: 'Last 20', class: 'history', cell: (job) => <History job={job} /> },
  { name: 'p50 · p95', class: 'percentiles', cell: (job) => <Percentiles job={job} /> },
];

const JobCell = ({ job, onTag }: { readonly job: JobView; readonly onTag: (tag: string) => void }): JSX.Element => (
  <>
    <a href={jobHref(job.name ?? job.id)} class={job.name === null ? 'mono' : ''}>
      {jobName(job)}
    </a>
    {job.tags.map((tag) => (
      <button key={tag} type="button" class="tag" title={`Jobs tagged ${tag}`} onClick={() => onTag(tag)}>
        {tag}
      </button>
    ))}
    {job.name !== null && <code>{job.command}</code>}
  </>
);

function Schedule({ job }: { readonly job: JobView }): JSX.Element {
  if (job.type === 'cron') {
    return (
      <span title={`${job.schedule_words ?? ''} (${job.timezone ?? ''})`}>
        {job.schedule_words} <code>{job.schedule}</code>
      </span>
    );
  }
  return (
    <span class="quiet">
      Once{job.run_at !== null && ', '}
      {job.run_at !== null && <Moment at={job.run_at} />}
    </span>
  );
}

function LastRun({ job }: { readonly job: JobView }): JSX.Element | null {
  const run = job.last_run;
  if (run === null) return null;
  return (
    <a href={runHref(run.id)}>
      <StatusBadge status={run.status} />
      <span class="quiet">
        {run.finished_at === null ? (
          <Elapsed startedAt={run.started_at} finishedAt={null} />
        ) : (
          <Ago at={run.finished_at} />
        )}
      </span>
    </a>
  );
}

const History = ({ job }: { readonly job: JobView }): JSX.Element => (
  <RunStrip last={useJobNumbers(job).value?.last ?? []} />
);

function Percentiles({ job }: { readonly job: JobView }): JSX.Element | null {
  const { p50 = null, p95 = null } = useJobNumbers(job).value?.duration_ms ?? {};
  if (p50 === null) return null;
  return (
    <span class="number">
      {duration(p50)} <span class="quiet">· {p95 === null ? '–' : duration(p95)}</span>
    </span>
  );
}
