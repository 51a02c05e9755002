/**
 * Where lines lie in a scrolled space of pixels. Only some blocks of lines around those in sight are drawn, at their true
 * height; what lies before and after them is estimated, and when all together would be higher than browsers take an
 * element to be, scaled down: then a million lines fit, and scrolling through what is drawn stays true to the pixel.
 */
export const BLOCK_LINES = 100;
/** As the style sheet has it, when a line is not wrapped. */
export const ROW_PX = 18;
/** Browsers end at 17 to 33 million. */
const MOST_PX = 8_000_000;

/** Blocks count from 0, lines from 1. */
export const blockOf = (line: number): number => Math.floor((line - 1) / BLOCK_LINES);
export const firstOf = (block: number): number => block * BLOCK_LINES + 1;
export const lastOf = (block: number, total: number): number => Math.min(total, (block + 1) * BLOCK_LINES);

/** The pixels that a line takes which is not drawn. @param rowPx the usual height of one that is. */
export const linePx = (total: number, rowPx: number): number => Math.min(rowPx, MOST_PX / Math.max(1, total));

/** What is drawn, and where. */
export interface Drawn {
  /** Blocks, both included. */
  readonly first: number;
  readonly last: number;
  /** Where they begin in the space, and how high they are. */
  readonly top: number;
  readonly height: number;
}

export interface Space {
  readonly total: number;
  readonly rowPx: number;
}

/** Where what is drawn should begin. */
export const idealTop = ({ first }: Pick<Drawn, 'first'>, { total, rowPx }: Space): number =>
  (firstOf(first) - 1) * linePx(total, rowPx);

/** How high the whole is. */
export const spaceHeight = ({ last, top, height }: Drawn, { total, rowPx }: Space): number =>
  top + height + (total - lastOf(last, total)) * linePx(total, rowPx);

/** The line at a place outside of what is drawn; its fraction is how much of it lies above. */
export function lineAt(place: number, drawn: Drawn, space: Space): number {
  const px = linePx(space.total, space.rowPx);
  const line = place < drawn.top ? 1 + place / px : space.total + 1 - (spaceHeight(drawn, space) - place) / px;
  return Math.min(Math.max(1, line), space.total);
}
