/**
 * Pages of lists: newest first, in a time that depends on the page and not on how much there is.
 *
 * Rows come from the narrowest index that the filter has; what that index does not know is asked of each row, of at most
 * {@link MOST_LOOKED_AT} rows for one page. A cursor is the last row that was looked at.
 */
import { JobschedError } from '../../errors.ts';
import type { Cursor, Page } from '../views.ts';

export const MOST_LOOKED_AT = 1_000;

/** Where every list begins: beyond any row. */
const BEGINNING = Number.MAX_SAFE_INTEGER;

/** A row of a list, and what it is ordered by. */
export interface Listed<Row> {
  readonly position: number;
  readonly row: Row;
}

/** @throws JobschedError `invalid_request` for what no list gave. */
export function positionOf(cursor: Cursor | null): number {
  if (cursor === null) return BEGINNING;
  if (!/^[1-9][0-9]{0,15}$/.test(cursor)) {
    throw new JobschedError('invalid_request', `${JSON.stringify(cursor)} is no cursor.`, {
      field: 'cursor',
      hint: 'Give the next_cursor of the page before, or none to begin with the newest.',
    });
  }
  return Number(cursor);
}

/** Takes from `rows`, the newest first, those that match. */
export function toPage<Row>(rows: Iterable<Listed<Row>>, limit: number, matches: (row: Row) => boolean): Page<Row> {
  const found: Row[] = [];
  let lookedAt = 0;
  for (const { position, row } of rows) {
    if (matches(row)) found.push(row);
    lookedAt += 1;
    if (found.length === limit || lookedAt === MOST_LOOKED_AT) return { rows: found, next: String(position) };
  }
  return { rows: found, next: null };
}
