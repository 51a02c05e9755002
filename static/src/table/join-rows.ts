/** How the newest rows and those known before become one list. */

export interface Identified {
  readonly id: string;
}

/** How many rows are fetched at a time. */
export const PAGE_ROWS = 100;

/**
 * The newest rows in front of those known before that come after them; null when the two do not meet, so that what
 * lies between is unknown.
 */
export function joinRows<Row extends Identified>(head: readonly Row[], old: readonly Row[]): readonly Row[] | null {
  const at = old.findIndex(({ id }) => id === head.at(-1)?.id);
  return at === -1 ? null : [...head, ...old.slice(at + 1)];
}
