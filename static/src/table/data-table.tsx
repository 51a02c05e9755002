/**
 * A live table of any length: a real `table`, of which only the rows around those in sight are drawn, the next page is
 * fetched before one gets there, and `j k x Enter` work.
 */
import { Component, type ComponentChildren, type JSX } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { Problem } from '../parts/problem.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useKeys } from '../shell/keys.ts';
import { focusRow, rowBefore, rowInFocus } from './row-focus.ts';
import type { Identified } from './join-rows.ts';
import type { RowList } from './row-list.ts';
import { useRowWindow } from './row-window.ts';
import type { Selection } from './selection.ts';

export interface Column<Row> {
  readonly name: string;
  /** Shown on top; the name when it is left out. */
  readonly head?: ComponentChildren;
  /** The cell that says which row it is. */
  readonly isHeader?: boolean;
  /** Of the cells and of the column. */
  readonly class?: string;
  /** Of the row alone: what changes by itself, as with a signal, is for a component in it, since rows are drawn once. */
  readonly cell: (row: Row) => ComponentChildren;
}

interface Props<Row extends Identified> {
  readonly name: string;
  readonly class: string;
  readonly columns: readonly Column<Row>[];
  readonly list: RowList<Row>;
  /** Rows can be selected when it is given. */
  readonly selection?: Selection;
  /** Whether a filter says which rows there are: then all of them are meant by all, not only those that are loaded. */
  readonly filtered?: boolean;
  /** What a row is called, for its checkbox. */
  readonly rowName: (row: Row) => string;
  /** Shown instead of no rows. */
  readonly empty: ComponentChildren;
}

/** So many rows before the end the next page is fetched. */
const AHEAD = 60;

export function DataTable<Row extends Identified>(props: Props<Row>): JSX.Element {
  const { list, empty } = props;
  const rows = list.rows.value;
  if (rows === null) return list.error.value === null ? <Skeleton /> : <Problem error={list.error.value} />;
  if (rows.length === 0 && !list.more.value) return <>{empty}</>;
  return <Rows {...props} rows={rows} />;
}

function Rows<Row extends Identified>(props: Props<Row> & { readonly rows: readonly Row[] }): JSX.Element {
  const { name, columns, list, selection, filtered = false, rowName, rows } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to, rowHeight } = useRowWindow(body, rows.length).value;
  const more = list.more.value;
  useEffect(() => {
    if (more && to + AHEAD > rows.length) list.loadMore();
  }, [to, rows.length, more]);
  const step = (by: number): void =>
    focusRow(body.current, rowBefore(body.current, rowHeight) + by, rows.length, rowHeight);
  const newest = useRef(rows);
  newest.current = rows;
  const onSelect = useCallback((row: Row) => selection?.toggle(row.id, idsOf(newest.current)), [selection]);
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    x: () => {
      const row = rows[rowInFocus(body.current)];
      if (row !== undefined) onSelect(row);
    },
  });
  return (
    <table class={`rows data ${props.class}`} aria-label={name} aria-rowcount={more ? -1 : rows.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          {selection !== undefined && <SelectAll selection={selection} rows={rows} matching={filtered} />}
          {columns.map((column) => (
            <th key={column.name} scope="col" class={column.class}>
              {column.head ?? column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap rows={from} rowHeight={rowHeight} />
        {rows.slice(from, to).map((row, index) => (
          <TableRow
            key={row.id}
            {...{ row, columns, rowName }}
            index={from + index}
            selected={selection === undefined ? null : selection.has(row.id)}
            onSelect={onSelect}
          />
        ))}
        <Gap rows={rows.length - to} rowHeight={rowHeight} />
      </tbody>
    </table>
  );
}

interface RowProps<Row> {
  readonly row: Row;
  readonly index: number;
  readonly columns: readonly Column<Row>[];
  /** Null when rows cannot be selected. */
  readonly selected: boolean | null;
  readonly rowName: (row: Row) => string;
  readonly onSelect: (row: Row) => void;
}

/** Scrolling draws many rows again that are as they were: those are left alone. */
class TableRow<Row extends Identified> extends Component<RowProps<Row>> {
  override shouldComponentUpdate(next: RowProps<Row>): boolean {
    const { row, index, columns, selected } = this.props;
    return next.row !== row || next.index !== index || next.columns !== columns || next.selected !== selected;
  }

  override render({ row, index, columns, selected, rowName, onSelect }: RowProps<Row>): JSX.Element {
    return (
      <tr aria-rowindex={index + 2} data-row={index} aria-selected={selected ?? undefined}>
        {selected !== null && (
          <td class="select">
            <input
              type="checkbox"
              aria-label={`Select ${rowName(row)}`}
              checked={selected}
              onChange={() => onSelect(row)}
            />
          </td>
        )}
        {columns.map((column) => cell(column, row))}
      </tr>
    );
  }
}

/** No component: a row has many, and each would cost as much as its element does. */
function cell<Row>(column: Column<Row>, row: Row): JSX.Element {
  const content = column.cell(row);
  const classes = `${column.class ?? ''}${content === null ? ' none' : ''}`;
  if (column.isHeader === true) {
    return (
      <th key={column.name} scope="row" class={classes}>
        {content}
      </th>
    );
  }
  return (
    <td key={column.name} data-label={column.name} class={classes}>
      {content}
    </td>
  );
}

/** The room of rows that are not drawn. */
function Gap({ rows, rowHeight }: { readonly rows: number; readonly rowHeight: number }): JSX.Element | null {
  if (rows <= 0) return null;
  return <tr class="gap" aria-hidden="true" style={{ height: `${rows * rowHeight}px` }} />;
}

interface SelectAllProps {
  readonly selection: Selection;
  readonly rows: readonly Identified[];
  /** Whether it selects all that the filter lets through, also those that are not loaded. */
  readonly matching: boolean;
}

function SelectAll({ selection, rows, matching }: SelectAllProps): JSX.Element {
  const all = !selection.isEmpty.value && rows.every(({ id }) => selection.has(id));
  return (
    <th scope="col" class="select">
      <input
        type="checkbox"
        aria-label={matching ? 'Select all that match' : 'Select all that are loaded'}
        checked={all}
        indeterminate={!all && !selection.isEmpty.value}
        onChange={() => {
          if (all) selection.clear();
          else if (matching) selection.chooseMatching();
          else selection.choose(idsOf(rows));
        }}
      />
    </th>
  );
}

const idsOf = (rows: readonly Identified[]): readonly string[] => rows.map(({ id }) => id);
