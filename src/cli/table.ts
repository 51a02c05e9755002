/**
 * A table without lines: a header, and rows that fit the terminal. Cells are made harmless here, whatever they hold.
 *
 * Of cli-table3 only the measures are used: without lines there is nothing else that it would draw.
 */
import type utils from 'cli-table3/src/utils.js';
import { escapeLine } from './format/escape.ts';
import { fitColumns, type Column } from './format/fit.ts';
import { wrap } from './format/wrap.ts';
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
}

type Brush = (text: string) => string;
type Measures = typeof utils;

/** A column with its texts: its title, then one for each row. */
interface Filled<Row> extends Column {
  readonly column: TableColumn<Row>;
  readonly texts: readonly string[];
}

const GAP = 2;

/** @param width the terminal's, in columns; `Infinity` is no edge. Ends with a line feed. */
export async function formatTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): Promise<string> {
  const { default: measures } = await import('cli-table3/src/utils.js');
  const hasEdge = Number.isFinite(width);
  const filled = columns.map((column) => (hasEdge ? fill(column, rows, measures) : fillFreely(column, rows, measures)));
  const shown = withoutDispensable(filled, width);
  const widths = fitColumns(shown, width, GAP);
  const lines = [undefined, ...rows].flatMap((row, index) => {
    const cells = shown.map(({ column, texts }, place) => {
      const room = widths[place] ?? 0;
      const brush = row === undefined ? paint.quiet : (column.paint?.(row) ?? String);
      const text = texts[index] ?? '';
      const parts = column.wraps ? wrap(text, room, measures.strlen) : [hasEdge ? measures.truncate(text, room) : text];
      return parts.map((part) => measures.pad(brush(part), room, ' '));
    });
    return joinCells(cells, widths);
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function fill<Row>(column: TableColumn<Row>, rows: readonly Row[], { strlen }: Measures): Filled<Row> {
  const texts = [column.title, ...rows.map((row) => escapeLine(column.cell(row)))];
  const natural = texts.reduce((most, text) => Math.max(most, strlen(text)), 0);
  return { column, texts, natural, least: Math.min(natural, column.least ?? natural) };
}

/** Where there is no edge, a column's own limits keep one long text from blowing up every row. */
function fillFreely<Row>(column: TableColumn<Row>, rows: readonly Row[], measures: Measures): Filled<Row> {
  const { most = Number.POSITIVE_INFINITY, mostPadded = Number.POSITIVE_INFINITY } = column;
  const filled = fill(column, rows, measures);
  const texts = filled.texts.map((text) => (Number.isFinite(most) ? measures.truncate(text, most) : text));
  return { ...filled, texts, natural: Math.min(filled.natural, most, mostPadded) };
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
