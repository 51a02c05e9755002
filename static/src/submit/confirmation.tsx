/** After a submit: what was made, what will happen, and where to see it. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { Icon } from '../parts/icon.tsx';
import { Until } from '../parts/moment.tsx';
import { jobHref, runHref } from '../router.ts';

export const Confirmation = ({ job }: { readonly job: JobView }): JSX.Element => (
  <p class="confirmation" role="status">
    <Icon name="check" />
    <span>
      {job.type === 'cron' ? 'Created ' : 'Submitted '}
      <a href={jobHref(job.name ?? job.id)}>{job.name ?? `job ${job.id.slice(0, 8)}`}</a>
      {job.type === 'cron' && <span class="quiet"> · {job.schedule_words}</span>}
      {job.next_run_at !== null && (
        <span class="quiet">
          {' '}
          · next <Until at={job.next_run_at} />
        </span>
      )}
    </span>
    {job.last_run !== null && <a href={runHref(job.last_run.id)}>See its output</a>}
  </p>
);
