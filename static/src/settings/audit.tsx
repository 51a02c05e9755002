/** Who did what, newest first. */
import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AuditEntryView } from '../../../src/http/schema/access.ts';
import { listAudit } from '../api/access.ts';
import { filterSearch } from '../filter/filter.ts';
import { FilterBar, type FilterField } from '../filter/filter-bar.tsx';
import { useFilter } from '../filter/use-filter.ts';
import { Ago, Moment } from '../parts/moment.tsx';
import { DataTable, type Column } from '../table/data-table.tsx';
import { useRowList } from '../table/row-list.ts';
import { TargetsDialog, ToWhat } from './audit-targets.tsx';

const FIELDS: readonly FilterField[] = [
  {
    name: 'since',
    text: 'Since',
    values: [
      ['1h', 'The last hour'],
      ['24h', 'The last 24 hours'],
      ['7d', 'The last 7 days'],
    ],
  },
  { name: 'who', text: 'By' },
  { name: 'action', text: 'Action' },
  { name: 'job', text: 'Job' },
];

const KNOWN = FIELDS.map(({ name }) => name);

/** @param onMany shows all that an entry is about. */
const columnsOf = (onMany: (entry: AuditEntryView) => void): readonly Column<AuditEntryView>[] => [
  {
    name: 'When',
    class: 'started number',
    cell: ({ time }) => (
      <>
        <Moment at={time} />{' '}
        <span class="quiet">
          <Ago at={time} />
        </span>
      </>
    ),
  },
  { name: 'What', class: 'what', isHeader: true, cell: ({ action }) => action },
  { name: 'Who', class: 'worker', cell: ({ who }) => who || 'nobody' },
  { name: 'Role', class: 'trigger', cell: ({ role }) => role },
  { name: 'From', class: 'from', cell: ({ address }) => address },
  { name: 'To what', class: 'why', cell: (entry) => <ToWhat entry={entry} onMany={onMany} /> },
];

export function Audit(): JSX.Element {
  const { filter, change } = useFilter(KNOWN);
  const key = filterSearch(filter);
  const shown = useSignal<AuditEntryView | null>(null);
  const columns = useMemo(() => columnsOf((entry) => (shown.value = entry)), []);
  const list = useRowList(`audit ${key}`, {
    page: (page) => listAudit(filter, page).then(({ entries, next_cursor: next }) => ({ rows: entries, next })),
    // An entry never changes.
    one: () => Promise.reject(new Error('no entry is fetched alone')),
    rowOf: () => null,
  });
  return (
    <>
      <FilterBar
        noun="the audit log"
        placeholder="who:…, job:…, action:…"
        states={[]}
        fields={FIELDS}
        filter={filter}
        change={change}
      />
      <DataTable
        name="Audit log"
        class="audit"
        columns={columns}
        list={list}
        rowName={({ action }) => action}
        empty={<p class="empty">Nobody has done anything like that.</p>}
      />
      {shown.value !== null && <TargetsDialog entry={shown.value} onClose={() => (shown.value = null)} />}
    </>
  );
}
