/** Where the calendar would be. */
import type { JSX } from 'preact';
import { Icon } from '../parts/icon.tsx';
import { schedulesHref, submitHref } from '../router.ts';

export function NoSchedules({ filtered }: { readonly filtered: boolean }): JSX.Element {
  if (filtered) {
    return (
      <p class="empty">
        No schedule is like that. <a href={schedulesHref()}>All schedules</a>
      </p>
    );
  }
  return (
    <div class="empty">
      <p>Nothing is on a schedule yet. In a terminal:</p>
      <pre>
        <code>jobsched submit --name nightly --cron "0 2 * * *" --tz Europe/Berlin -- ./backup.sh</code>
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
