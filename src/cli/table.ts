/** A table without lines: a header, and rows that fit the terminal. Cells are made harmless here, whatever they hold. */
import { escapeLine } from './format/escape.ts';
import { fitColumns } from './format/fit.ts';
import type { Paint } from './paint.ts';

export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** How its text is painted. Default: not. */
  readonly paint?: (row: Row) => (text: string) => string;
  /** The least width it may shrink to, and how early: the highest number first. Default: it keeps its width. */
  readonly shrink?: { readonly least: number; readonly order: number };
}

const GAP = 2;

/** @param width the terminal's, in columns; `Infinity` cuts nothing. Ends with a line feed. */
export async function formatTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  width: number,
  paint: Paint,
): Promise<string> {
  const [{ default: Table }, { strlen, truncate }] = await Promise.all([
    import('cli-table3'),
    import('cli-table3/src/utils.js'),
  ]);
  const texts = rows.map((row) => columns.map((column) => escapeLine(column.cell(row))));
  const natural = columns.map((column, index) =>
    Math.max(strlen(column.title), ...texts.map((cells) => strlen(cells[index] ?? ''))),
  );
  const widths = fitColumns(
    columns.map(({ shrink }, index) => ({
      natural: natural[index] ?? 0,
      least: shrink?.least ?? Number.POSITIVE_INFINITY,
      givesWay: shrink?.order ?? 0,
    })),
    width,
    GAP,
  );
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colWidths: widths.map((cell, index) => cell + (index < widths.length - 1 ? GAP : 0)),
  });
  const fit = (text: string, index: number): string => truncate(text, widths[index] ?? 0);
  table.push(columns.map((column, index) => paint.quiet(fit(column.title, index))));
  for (const [at, row] of rows.entries()) {
    table.push(columns.map((column, index) => (column.paint?.(row) ?? String)(fit(texts[at]?.[index] ?? '', index))));
  }
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`;
}

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);
