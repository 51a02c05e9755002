/** The runs of a job, newest first. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { listJobRuns } from '../api/jobs.ts';
import { getRun } from '../api/runs.ts';
import { runName } from '../format/reason.ts';
import { runsHref } from '../router.ts';
import { runColumns } from '../runs/run-columns.tsx';
import { DataTable } from '../table/data-table.tsx';
import { useRowList } from '../table/row-list.ts';

export function JobRuns({ job }: { readonly job: JobView }): JSX.Element {
  const list = useRowList(`runs of ${job.id}`, {
    page: (page) => listJobRuns(job.id, page).then(({ runs, next_cursor: next }) => ({ rows: runs, next })),
    one: getRun,
    rowOf: ({ kind, id }) => (kind === 'run' && id.startsWith(job.id) ? id : null),
  });
  const columns = useMemo(() => runColumns({ named: false, zone: job.timezone }), [job.timezone]);
  return (
    <section aria-labelledby="runs-heading">
      <div class="section-head">
        <h2 id="runs-heading">Runs</h2>
        <a href={runsHref(`?job=${encodeURIComponent(job.name ?? job.id)}`)}>Filter them</a>
      </div>
      <DataTable
        name={`Runs of ${job.name ?? job.id}`}
        class="runs of-job"
        columns={columns}
        list={list}
        rowName={runName}
        empty={<p class="empty">It has not run yet.</p>}
      />
    </section>
  );
}
