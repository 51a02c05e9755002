/** The runs of a job, newest first: live, page by page. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { listJobRuns } from '../api/jobs.ts';
import { usePages } from '../pages.ts';
import { LoadMore } from '../parts/load-more.tsx';
import { Problem } from '../parts/problem.tsx';
import { RunRow } from './run-row.tsx';

export function JobRuns({ job }: { readonly job: JobView }): JSX.Element {
  const runs = usePages(
    job.id,
    (page) => listJobRuns(job.id, page).then((list) => ({ rows: list.runs, next: list.next_cursor })),
    ({ kind, id }) => kind === 'run' && id.startsWith(job.id),
  );
  const list = runs.value.value;
  return (
    <section aria-labelledby="runs-heading">
      <div class="section-head">
        <h2 id="runs-heading">Runs</h2>
      </div>
      {list === null && runs.error.value !== null && <Problem error={runs.error.value} />}
      {list?.rows.length === 0 && <p class="empty">It has not run yet.</p>}
      {list !== null && list.rows.length > 0 && (
        <table class="rows runs">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col">Why</th>
              <th scope="col">Trigger</th>
              <th scope="col">Attempts</th>
              <th scope="col">Started</th>
              <th scope="col">Duration</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </tbody>
        </table>
      )}
      <LoadMore pages={runs} noun="run" />
    </section>
  );
}
