/** The runs of a job, newest first: live, page by page. */
import type { JSX } from 'preact';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { RunView } from '../../../src/http/schema/run-view.ts';
import { listJobRuns } from '../api/jobs.ts';
import { usePages, type Pages } from '../pages.ts';
import { LoadMore } from '../parts/load-more.tsx';
import { Problem } from '../parts/problem.tsx';
import { RunRow } from './run-row.tsx';

export function JobRuns({ job }: { readonly job: JobView }): JSX.Element {
  const runs = usePages(
    `runs of ${job.id}`,
    (page) => listJobRuns(job.id, page).then((list) => ({ rows: list.runs, next: list.next_cursor })),
    ({ kind, id }) => kind === 'run' && id.startsWith(job.id),
  );
  return (
    <section aria-labelledby="runs-heading">
      <div class="section-head">
        <h2 id="runs-heading">Runs</h2>
      </div>
      <RunTable runs={runs} empty="It has not run yet." />
    </section>
  );
}

interface TableProps {
  readonly runs: Pages<RunView>;
  /** Whether each says whose it is. */
  readonly named?: boolean;
  readonly empty: string;
}

export function RunTable({ runs, named = false, empty }: TableProps): JSX.Element {
  const list = runs.value.value;
  return (
    <>
      {list === null && runs.error.value !== null && <Problem error={runs.error.value} />}
      {list?.rows.length === 0 && <p class="empty">{empty}</p>}
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
              <RunRow key={run.id} run={run} named={named} />
            ))}
          </tbody>
        </table>
      )}
      <LoadMore pages={runs} noun="run" />
    </>
  );
}
