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

/** What a list is ordered by: a place among jobs, among runs or among a job's numbers means nothing in the others. */
type Order = 'jobs' | 'runs' | 'numbers';

/** How a cursor begins. The digit is raised when a place comes to mean something else. */
const PREFIXES = { jobs: 'j1.', runs: 'r1.', numbers: 'n1.' } as const satisfies Record<Order, string>;

/** @throws JobschedError `invalid_request` for what no list of that order gave. */
export function positionOf(cursor: Cursor | null, order: Order): number {
  if (cursor === null) return BEGINNING;
  const prefix = PREFIXES[order];
  const position = cursor.startsWith(prefix) ? cursor.slice(prefix.length) : '';
  if (!/^[1-9][0-9]{0,15}$/.test(position)) {
    throw new JobschedError('invalid_request', `${JSON.stringify(cursor)} is no cursor of this list.`, {
      field: 'cursor',
      hint: 'Give the next_cursor of the page before, or none to begin with the newest.',
    });
  }
  return Number(position);
}

/** Takes from `rows`, the newest first, those that match. */
export function toPage<Row>(
  rows: Iterable<Listed<Row>>,
  order: Order,
  limit: number,
  matches: (row: Row) => boolean,
): Page<Row> {
  const found: Row[] = [];
  let lookedAt = 0;
  for (const { position, row } of rows) {
    if (matches(row)) found.push(row);
    lookedAt += 1;
    const isFull = found.length === limit || lookedAt === MOST_LOOKED_AT;
    if (isFull) return { rows: found, next: `${PREFIXES[order]}${position}` };
  }
  return { rows: found, next: null };
}
