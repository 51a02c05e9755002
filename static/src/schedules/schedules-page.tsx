/** `/schedules`: what will run, and when. */
import type { JSX } from 'preact';
import { listJobs } from '../api/jobs.ts';
import { Until } from '../parts/moment.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { useResource } from '../resource.ts';
import { jobHref } from '../router.ts';

export function SchedulesPage(): JSX.Element {
  const load = (signal: AbortSignal): ReturnType<typeof listJobs> =>
    listJobs({ status: 'scheduled' }, { limit: 200, cursor: null, signal });
  const jobs = useResource('schedules', load, ({ kind }) => kind === 'job').value.value?.jobs ?? [];
  return (
    <>
      <PageTitle title="Schedules" />
      <ul class="plain">
        {jobs.map((job) => (
          <li key={job.id}>
            <a href={jobHref(job.name ?? job.id)}>{job.name ?? job.command}</a> {job.schedule_words}{' '}
            {job.next_run_at !== null && <Until at={job.next_run_at} />}
          </li>
        ))}
      </ul>
    </>
  );
}
