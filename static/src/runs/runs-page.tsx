/** `/runs`: the runs of all jobs, newest first, found by filters, and acted on many at a time. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ApiError } from '../api/request.ts';
import { getRun, listRuns } from '../api/runs.ts';
import { FilterBar, type FilterField } from '../filter/filter-bar.tsx';
import { filterSearch } from '../filter/filter.ts';
import { useFilter } from '../filter/use-filter.ts';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import type { Status } from '../parts/status.tsx';
import { runsHref } from '../router.ts';
import type { BulkChoice } from '../table/bulk-bar.tsx';
import { BulkTable } from '../table/bulk-table.tsx';
import { useRowList } from '../table/row-list.ts';
import { runName } from '../format/reason.ts';
import { ExportMenu } from './export-menu.tsx';
import { runColumns } from './run-columns.tsx';

const STATES: readonly Status[] = ['running', 'pending', 'failed', 'succeeded', 'cancelled', 'skipped'];

const FIELDS: readonly FilterField[] = [
  {
    name: 'since',
    text: 'Created since',
    values: [
      ['1h', 'The last hour'],
      ['24h', 'The last 24 hours'],
      ['7d', 'The last 7 days'],
      ['30d', 'The last 30 days'],
    ],
  },
  { name: 'until', text: 'Created before' },
  {
    name: 'reason',
    text: 'Because',
    values: [
      ['exit', 'it exited with a code'],
      ['signal', 'a signal ended it'],
      ['timeout', 'it timed out'],
      ['spawn', 'it could not be started'],
      ['lost', 'its worker was lost'],
      ['overlap', 'another run was live'],
      ['misfire', 'nothing fired it in time'],
      ['replaced', 'a newer one took its place'],
    ],
  },
  {
    name: 'trigger',
    text: 'Made by',
    values: [
      ['schedule', 'its schedule'],
      ['submit', 'a submit'],
      ['manual', 'hand'],
      ['retry', 'being run again'],
    ],
  },
  {
    name: 'late',
    text: 'Punctuality',
    values: [
      ['true', 'Late'],
      ['false', 'In time'],
    ],
  },
  { name: 'job', text: 'Job' },
  { name: 'tag', text: 'Tag' },
  { name: 'queue', text: 'Queue' },
  { name: 'worker', text: 'Worker' },
];

const KNOWN = ['q', 'status', ...FIELDS.map(({ name }) => name)];

const CHOICES: readonly BulkChoice[] = [
  { action: 'retry', text: 'Run again', icon: 'repeat', shortcut: 'r' },
  { action: 'cancel', text: 'Cancel', icon: 'stop', shortcut: 'c' },
];

const COLUMNS = runColumns({ named: true, zone: null });

export function RunsPage(): JSX.Element {
  const { filter, change } = useFilter(KNOWN);
  const key = filterSearch(filter);
  const failed = useSignal<ApiError | null>(null);
  const list = useRowList(`runs ${key}`, {
    page: (page) => listRuns(filter, page).then(({ runs, next_cursor: next }) => ({ rows: runs, next })),
    one: getRun,
    rowOf: ({ kind, id }) => (kind === 'run' ? id : null),
  });
  return (
    <>
      <div class="page-head">
        <PageTitle title="Runs" />
        <div class="buttons">
          <ExportMenu filter={filter} onError={(error) => (failed.value = error)} />
        </div>
      </div>
      <FilterBar
        noun="runs"
        placeholder="Job or command, job:…, tag:…"
        states={STATES}
        fields={FIELDS}
        filter={filter}
        change={change}
      />
      {failed.value !== null && <Problem error={failed.value} />}
      <BulkTable
        of="runs"
        name="Runs"
        noun="run"
        columns={COLUMNS}
        choices={CHOICES}
        rowName={runName}
        empty={<NoRuns filtered={key !== ''} />}
        {...{ list, filter }}
      />
    </>
  );
}

function NoRuns({ filtered }: { readonly filtered: boolean }): JSX.Element {
  if (filtered) {
    return (
      <p class="empty">
        No run is like that. <a href={runsHref()}>All runs</a>
      </p>
    );
  }
  return (
    <div class="empty">
      <p>Nothing has run yet. Run something, and read what it prints:</p>
      <pre>
        <code>jobsched submit --follow -- echo hello</code>
      </pre>
    </div>
  );
}
