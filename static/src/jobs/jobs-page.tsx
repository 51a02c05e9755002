/** `/jobs`: all jobs, found by filters, and acted on many at a time. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { getJob, listJobs } from '../api/jobs.ts';
import { FilterBar, type FilterField } from '../filter/filter-bar.tsx';
import { filterSearch } from '../filter/filter.ts';
import { useFilter } from '../filter/use-filter.ts';
import { PageTitle } from '../parts/page-title.tsx';
import type { Status } from '../parts/status.tsx';
import type { BulkChoice } from '../table/bulk-bar.tsx';
import { BulkTable } from '../table/bulk-table.tsx';
import { useRowList } from '../table/row-list.ts';
import { jobColumns, jobName } from './job-columns.tsx';
import { NoJobs } from './no-jobs.tsx';

const STATES: readonly Status[] = ['scheduled', 'paused', 'running', 'failed'];

const FIELDS: readonly FilterField[] = [
  { name: 'tag', text: 'Tag' },
  { name: 'queue', text: 'Queue' },
  {
    name: 'type',
    text: 'Type',
    values: [
      ['cron', 'On a schedule'],
      ['once', 'Once'],
    ],
  },
  {
    name: 'status',
    text: 'State',
    values: [
      ['pending', 'Pending'],
      ['succeeded', 'Succeeded'],
      ['cancelled', 'Cancelled'],
      ['skipped', 'Skipped'],
      ['finished', 'Finished'],
    ],
  },
];

const KNOWN = ['q', ...FIELDS.map(({ name }) => name)];

const CHOICES: readonly BulkChoice[] = [
  { action: 'run', text: 'Run', icon: 'play', shortcut: 'r' },
  { action: 'pause', text: 'Pause', icon: 'pause' },
  { action: 'resume', text: 'Resume', icon: 'repeat' },
  { action: 'cancel', text: 'Cancel runs', icon: 'stop', shortcut: 'c' },
  { action: 'delete', text: 'Delete', icon: 'trash' },
];

export function JobsPage(): JSX.Element {
  const { filter, change } = useFilter(KNOWN);
  const key = filterSearch(filter);
  const list = useRowList(`jobs ${key}`, {
    page: (page) => listJobs(filter, page).then(({ jobs, next_cursor: next }) => ({ rows: jobs, next })),
    one: getJob,
    rowOf: ({ kind, id }) => (kind === 'job' ? id : kind === 'run' ? (id.split('.')[0] ?? null) : null),
  });
  const columns = useMemo(() => jobColumns((tag) => change(() => ({ tag }))), []);
  return (
    <>
      <div class="page-head">
        <PageTitle title="Jobs" />
      </div>
      <FilterBar
        noun="jobs"
        placeholder="Name or command, tag:…, queue:…"
        states={STATES}
        fields={FIELDS}
        filter={filter}
        change={change}
      />
      <BulkTable
        of="jobs"
        name="Jobs"
        noun="job"
        choices={CHOICES}
        rowName={jobName}
        empty={<NoJobs filtered={key !== ''} />}
        {...{ columns, list, filter }}
      />
    </>
  );
}
