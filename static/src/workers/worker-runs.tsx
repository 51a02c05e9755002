/** What a worker runs and ran, newest first. */
import type { JSX } from 'preact';
import { getRun, listRuns } from '../api/runs.ts';
import { runName } from '../format/reason.ts';
import { runColumns } from '../runs/run-columns.tsx';
import { DataTable } from '../table/data-table.tsx';
import { useRowList } from '../table/row-list.ts';

const COLUMNS = runColumns({ named: true, zone: null });

export function WorkerRuns({ name }: { readonly name: string }): JSX.Element {
  const list = useRowList(`runs on ${name}`, {
    page: (page) => listRuns({ worker: name }, page).then(({ runs, next_cursor: next }) => ({ rows: runs, next })),
    one: getRun,
    rowOf: ({ kind, id }) => (kind === 'run' ? id : null),
  });
  return (
    <section aria-labelledby="runs-heading">
      <div class="section-head">
        <h2 id="runs-heading">Its runs</h2>
      </div>
      <DataTable
        name={`Runs on ${name}`}
        class="runs"
        columns={COLUMNS}
        list={list}
        rowName={runName}
        empty={<p class="empty">It has run nothing that is kept.</p>}
      />
    </section>
  );
}
