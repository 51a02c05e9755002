/** How wide each column of a table may be, so that a row fits the terminal. */

export interface Column {
  /** What its widest cell needs. */
  readonly natural: number;
  /** Never narrower than this, whatever the terminal. At least `natural`: it keeps its width. */
  readonly least: number;
}

/**
 * The widest column gives way first, until all that can are equally wide: a long name does not push out the commands.
 *
 * @returns one width for each column; together with the gaps they fit `total` unless the least widths do not.
 */
export function fitColumns(columns: readonly Column[], total: number, gap: number): number[] {
  const room = total - gap * Math.max(0, columns.length - 1);
  const widthAt = (level: number): number[] =>
    columns.map(({ natural, least }) => Math.min(natural, Math.max(level, least)));
  const fits = (level: number): boolean => widthAt(level).reduce((sum, width) => sum + width, 0) <= room;
  const widest = columns.reduce((most, { natural }) => Math.max(most, natural), 0);
  if (fits(widest)) return widthAt(widest);
  let [low, high] = [0, widest];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return spendRest(widthAt(low), columns, room);
}

/** Equal widths leave a few columns over: one each to those that lack some, the last first, since it is the command. */
function spendRest(widths: readonly number[], columns: readonly Column[], room: number): number[] {
  let rest = room - widths.reduce((sum, width) => sum + width, 0);
  return widths
    .map((width, index) => ({ width, lacks: width < (columns[index]?.natural ?? 0) }))
    .toReversed()
    .map(({ width, lacks }) => {
      if (!lacks || rest <= 0) return width;
      rest -= 1;
      return width + 1;
    })
    .toReversed();
}
