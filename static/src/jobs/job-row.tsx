/** A job in the list. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { Ago, Moment, Until } from '../parts/moment.tsx';
import { Elapsed } from '../parts/elapsed.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { jobHref, runHref } from '../router.ts';

export const JobRow = ({ job }: { readonly job: JobView }): JSX.Element => (
  <tr>
    <td data-label="State">
      <StatusBadge status={job.status} />
    </td>
    <th scope="row" class="job-cell">
      <a href={jobHref(job.name ?? job.id)}>{job.name ?? job.command}</a>
      {job.name !== null && <code>{job.command}</code>}
    </th>
    <td data-label="Schedule">
      <Schedule job={job} />
    </td>
    <td data-label="Next" class={job.next_run_at === null ? 'number none' : 'number'}>
      {job.next_run_at === null ? <span class="quiet">–</span> : <Until at={job.next_run_at} />}
    </td>
    <td data-label="Last run" class={job.last_run === null ? 'last-run none' : 'last-run'}>
      <LastRun job={job} />
    </td>
  </tr>
);

function Schedule({ job }: { readonly job: JobView }): JSX.Element {
  if (job.type === 'cron') {
    return (
      <span class="schedule" title={`${job.schedule_words ?? ''} (${job.timezone ?? ''})`}>
        {job.schedule_words} <code>{job.schedule}</code>
      </span>
    );
  }
  return (
    <span class="schedule">
      Once{job.run_at !== null && ', '}
      {job.run_at !== null && <Moment at={job.run_at} />}
    </span>
  );
}

function LastRun({ job }: { readonly job: JobView }): JSX.Element {
  const run = job.last_run;
  if (run === null) return <span class="quiet">–</span>;
  return (
    <a href={runHref(run.id)}>
      <Elapsed startedAt={run.started_at} finishedAt={run.finished_at} />
      {run.started_at === null && <span class="quiet">#{run.number}</span>}
      {run.finished_at !== null && (
        <span class="quiet">
          <Ago at={run.finished_at} />
        </span>
      )}
      {/* A once job's state is its run's: said once is enough. */}
      {job.type === 'cron' && <StatusBadge status={run.status} />}
    </a>
  );
}
