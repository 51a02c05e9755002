/** Where the list of jobs would be. */
import type { JSX } from 'preact';

export function NoJobs({ filtered }: { readonly filtered: boolean }): JSX.Element {
  if (filtered) return <p class="empty">No job is like that.</p>;
  return (
    <div class="empty">
      <p>Nothing has been submitted yet. In a terminal:</p>
      <pre>
        <code>jobsched submit "echo hello" --name hello --cron "*/10 * * * * *"</code>
      </pre>
    </div>
  );
}
