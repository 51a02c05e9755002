/** How wide each column of a table may be, so that a row fits the terminal. */

/** A column may shrink to its least width, those given first at first. */
export interface Column {
  /** What its widest cell needs. */
  readonly natural: number;
  /** Never narrower than this, whatever the terminal. */
  readonly least: number;
  /** Columns with the highest number give way first. 0: never. */
  readonly givesWay: number;
}

/** @returns one width for each column; together with the gaps they fit `total` unless the least widths do not. */
export function fitColumns(columns: readonly Column[], total: number, gap: number): number[] {
  const widths = columns.map((column) => column.natural);
  const gaps = gap * Math.max(0, columns.length - 1);
  const order = columns
    .map((column, index) => ({ ...column, index }))
    .filter((column) => column.givesWay > 0)
    .toSorted((a, b) => b.givesWay - a.givesWay);
  let excess = widths.reduce((sum, width) => sum + width, gaps) - total;
  for (const { index, natural, least } of order) {
    if (excess <= 0) break;
    const given = Math.min(excess, Math.max(0, natural - least));
    widths[index] = natural - given;
    excess -= given;
  }
  return widths;
}
