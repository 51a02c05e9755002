/** The lines that an address names: `#L120`, `#L120-L140`. */
export interface LineSelection {
  readonly first: number;
  readonly last: number;
}

const HASH = /^#?L?(?<first>[1-9]\d{0,8})(?:\s*[-–]\s*L?(?<last>[1-9]\d{0,8}))?$/i;

/** Also what people type: `120`, `120-140`. Null when it names none. */
export function parseSelection(hash: string): LineSelection | null {
  const { first, last } = HASH.exec(hash.trim())?.groups ?? {};
  return first === undefined ? null : between(Number(first), Number(last ?? first));
}

export const selectionHash = ({ first, last }: LineSelection): string =>
  first === last ? `#L${first}` : `#L${first}-L${last}`;

/** What is chosen after one pointed at a line: it alone, or nothing when it was. @param extend from what was chosen to there. */
export function pointed(chosen: LineSelection | null, line: number, extend: boolean): LineSelection | null {
  if (extend && chosen !== null) return between(line < chosen.first ? chosen.last : chosen.first, line);
  return chosen?.first === line && chosen.last === line ? null : between(line, line);
}

const between = (one: number, other: number): LineSelection => ({
  first: Math.min(one, other),
  last: Math.max(one, other),
});
