/** Where the list of jobs would be. */
import type { JSX } from 'preact';
import { Icon } from '../parts/icon.tsx';
import { jobsHref, submitHref } from '../router.ts';

export function NoJobs({ filtered }: { readonly filtered: boolean }): JSX.Element {
  if (filtered) {
    return (
      <p class="empty">
        No job is like that. <a href={jobsHref()}>All jobs</a>
      </p>
    );
  }
  return (
    <div class="empty">
      <p>Nothing has been submitted yet. In a terminal:</p>
      <pre>
        <code>jobsched submit "echo hello" --name hello --cron "*/10 * * * * *"</code>
      </pre>
      <p>
        <a class="button primary" href={submitHref()}>
          <Icon name="plus" />
          New job
        </a>
      </p>
    </div>
  );
}
