/** A live table with what can be done to many of its rows: to those selected, or to all that its filter lets through. */
import { effect } from '@preact/signals';
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { filterSearch, type Filter } from '../filter/filter.ts';
import { BulkBar, type BulkChoice } from './bulk-bar.tsx';
import { DataTable, type Column } from './data-table.tsx';
import type { Identified } from './join-rows.ts';
import type { RowList } from './row-list.ts';
import { Selection } from './selection.ts';

interface Props<Row extends Identified> {
  readonly of: 'jobs' | 'runs';
  readonly name: string;
  readonly noun: string;
  readonly columns: readonly Column<Row>[];
  readonly list: RowList<Row>;
  readonly filter: Filter;
  readonly choices: readonly BulkChoice[];
  readonly rowName: (row: Row) => string;
  readonly empty: ComponentChildren;
}

export function BulkTable<Row extends Identified>(props: Props<Row>): JSX.Element {
  const { of, name, noun, columns, list, filter, choices, rowName, empty } = props;
  const key = filterSearch(filter);
  // Of another filter it is another one. Cleared in an effect, it would lose what is selected before that runs.
  const selection = useMemo(() => new Selection(), [key]);
  // While a list is read anew it has no rows, and nothing has left it.
  useEffect(
    () =>
      effect(() => {
        if (list.rows.value !== null) selection.keep(list.rows.value.map(({ id }) => id));
      }),
    [list, selection],
  );
  return (
    <>
      <DataTable {...{ name, columns, list, selection, rowName, empty }} class={of} filtered={key !== ''} />
      <BulkBar {...{ of, noun, choices, selection, list, filter }} />
    </>
  );
}
