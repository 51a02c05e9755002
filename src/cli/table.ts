/** A table without lines: a header, and rows that fit the terminal. Cells are made harmless here, whatever they hold. */
import { escapeLine } from './format/escape.ts';
import { fitColumns } from './format/fit.ts';
import type { Paint } from './paint.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** How its text is painted. Default: not. */
  readonly paint?: (row: Row) => (text: string) => string;
  /** The least width it may shrink to. Default: it keeps its width. */
  readonly least?: number;
}

const GAP = 2;

/** @param width the terminal's, in columns; `Infinity` cuts nothing. Ends with a line feed. */
export async function formatTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const { strlen, truncate } = (await import('cli-table3/src/utils.js')).default;
  const titles = columns.map(({ title }) => title);
  const texts = [titles, ...rows.map((row) => columns.map(({ cell }) => escapeLine(cell(row))))];
  const widestOf = (index: number): number =>
    texts.reduce((most, text) => Math.max(most, strlen(text[index] ?? '')), 0);
  const needs = columns.map(({ least }, index) => ({
    natural: widestOf(index),
    least: least ?? Number.POSITIVE_INFINITY,
  }));
  const widths = fitColumns(needs, width, GAP);
  const table = new Table({ ...BARE, colWidths: widths.map((cell) => cell + GAP) });
  for (const [line, text] of texts.entries()) {
    const row = rows[line - 1];
    const brush = (column: TableColumn<Row>): Brush =>
      row === undefined ? paint.quiet : (column.paint?.(row) ?? String);
    table.push(columns.map((column, index) => brush(column)(truncate(text[index] ?? '', widths[index] ?? 0))));
  }
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`;
}

type Brush = (text: string) => string;

const LINES =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right ' +
  'left left-mid mid mid-mid right right-mid middle';

/** Neither lines nor padding: columns stand apart by their widths. */
const BARE = {
  chars: Object.fromEntries(LINES.split(' ').map((name) => [name, ''])),
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
};
