/**
 * A table without lines: a header, and rows that fit the terminal. Cells are made harmless here, whatever they hold.
 *
 * Of cli-table3 only the measures are used: without lines there is nothing else that it would draw.
 */
import type utils from 'cli-table3/src/utils.js';
import { escapeLine } from '../format/escape.ts';
import { fitColumns, type Column } from '../format/fit.ts';
import { wrap } from '../format/wrap.ts';
import type { Paint } from './paint.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** How its text is painted. Default: not. */
  readonly paint?: (row: Row) => Brush;
  /** The least width it may shrink to. Default: it keeps its width. */
  readonly least?: number;
  /** Left out where not even the least widths fit, of several the one with the highest number first. Default: it stays. */
  readonly dispensable?: number;
  /** Text that is too long goes on in the next line. Default: it is cut. */
  readonly wraps?: true;
  /** The most it takes where there is no edge, as in a file: what is longer is cut. Default: nothing is. */
  readonly most?: number;
  /** The most it is padded to where there is no edge: what is longer stays whole, and pushes aside what follows. */
  readonly mostPadded?: number;
  /** Only where `-o wide` asks for more than the usual. */
  readonly onlyWide?: true;
}

type Brush = (text: string) => string;
type Measures = typeof utils;

/** A column, measured. */
interface Filled<Row> extends Column {
  readonly column: TableColumn<Row>;
  /** What is shown of a text. */
  readonly cut: (text: string) => string;
}

const GAP = 2;

/** Columns with their widths. Rows that come later than those that the widths were measured by keep to them. */
export interface TableLayout<Row> {
  readonly header: () => string;
  /** Each with its line feed. */
  readonly lines: (rows: readonly Row[]) => string;
}

/** @param width the terminal's, in columns; `Infinity` is no edge. Ends with a line feed. */
export async function formatTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): Promise<string> {
  const layout = await layOutTable(columns, rows, width, paint);
  return layout.header() + layout.lines(rows);
}

/** @param rows those that the columns are measured by. */
export async function layOutTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): Promise<TableLayout<Row>> {
  const { default: measures } = await import('cli-table3/src/utils.js');
  const hasEdge = Number.isFinite(width);
  const filled = columns.map((column) => (hasEdge ? fill(column, rows, measures) : fillFreely(column, rows, measures)));
  const shown = withoutDispensable(filled, width);
  const widths = fitColumns(shown, width, GAP);
  const line = (textOf: (column: TableColumn<Row>) => string, brushOf: (column: TableColumn<Row>) => Brush): string => {
    const cells = shown.map(({ column, cut }, place) => {
      const room = widths[place] ?? 0;
      const text = cut(textOf(column));
      const parts = column.wraps ? wrap(text, room, measures.strlen) : [hasEdge ? measures.truncate(text, room) : text];
      return parts.map((part) => measures.pad(brushOf(column)(part), room, ' '));
    });
    return joinCells(cells, widths)
      .map((each) => `${each.trimEnd()}\n`)
      .join('');
  };
  return {
    header: () =>
      line(
        ({ title }) => title,
        () => paint.quiet,
      ),
    lines: (more) =>
      more
        .map((row) =>
          line(
            (column) => escapeLine(column.cell(row)),
            (column) => column.paint?.(row) ?? String,
          ),
        )
        .join(''),
  };
}

function fill<Row>(column: TableColumn<Row>, rows: readonly Row[], { strlen }: Measures): Filled<Row> {
  const natural = rows.reduce(
    (most, row) => Math.max(most, strlen(escapeLine(column.cell(row)))),
    strlen(column.title),
  );
  return { column, cut: String, natural, least: Math.min(natural, column.least ?? natural) };
}

/** Where there is no edge, a column's own limits keep one long text from blowing up every row. */
function fillFreely<Row>(column: TableColumn<Row>, rows: readonly Row[], measures: Measures): Filled<Row> {
  const { most = Number.POSITIVE_INFINITY, mostPadded = Number.POSITIVE_INFINITY } = column;
  const filled = fill(column, rows, measures);
  const cut = Number.isFinite(most) ? (text: string): string => measures.truncate(text, most) : String;
  return { ...filled, cut, natural: Math.min(filled.natural, most, mostPadded) };
}

/** The columns that fit the width at their least, or those that nobody can do without. */
function withoutDispensable<Row>(filled: readonly Filled<Row>[], width: number): readonly Filled<Row>[] {
  const taken = filled.reduce((sum, { least }) => sum + least + GAP, -GAP);
  const ranks = filled.map(({ column }) => column.dispensable ?? 0);
  const first = Math.max(...ranks);
  if (taken <= width || first <= 0) return filled;
  return withoutDispensable(
    filled.filter((_, index) => ranks[index] !== first),
    width,
  );
}

/** Cells side by side, as many lines as the tallest of them has. */
function joinCells(cells: readonly (readonly string[])[], widths: readonly number[]): readonly string[] {
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    cells.map((lines, place) => lines[line] ?? ' '.repeat(widths[place] ?? 0)).join(' '.repeat(GAP)),
  );
}
