/** `/runs`: the runs of all jobs, newest first. */
import type { JSX } from 'preact';
import { listRuns } from '../api/runs.ts';
import { parseFilter } from '../filter.ts';
import { RunTable } from '../job/job-runs.tsx';
import { usePages } from '../pages.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { search } from '../router.ts';

const FILTERS = ['status', 'job', 'worker', 'since', 'until', 'late'];

export function RunsPage(): JSX.Element {
  const filter = parseFilter(search.value, FILTERS);
  const runs = usePages(
    `runs ${JSON.stringify(filter)}`,
    (page) => listRuns(filter, page).then((list) => ({ rows: list.runs, next: list.next_cursor })),
    ({ kind }) => kind === 'run',
  );
  return (
    <>
      <PageTitle title="Runs" />
      <RunTable runs={runs} named empty="Nothing has run yet." />
    </>
  );
}
