/**
 * Pages of lists: newest first, in a time that depends on the page and not on how much there is.
 *
 * Rows come from the narrowest index that the filter has; what that index does not know is asked of each row, of at most
 * {@link MOST_LOOKED_AT} rows for one page. A cursor is the last row that was looked at.
 */
import { HOUR } from '../domain/instant.ts';
import { JobschedError } from '../errors.ts';
import type { Cursor, Page, RunFilter } from './views.ts';

export const MOST_LOOKED_AT = 1_000;

/** Where every list begins: beyond any row. */
const BEGINNING = Number.MAX_SAFE_INTEGER;

/** A row of a list, and what it is ordered by. */
export interface Listed<Row> {
  readonly position: number;
  readonly row: Row;
}

/** What a list is ordered by: a place among jobs, among runs or among a job's numbers means nothing in the others. */
export type Order = 'jobs' | 'runs' | 'numbers' | 'audit';

/** How a cursor begins. The digit is raised when a place comes to mean something else. */
const PREFIXES = { jobs: 'j1.', runs: 'r1.', numbers: 'n1.', audit: 'a1.' } as const satisfies Record<Order, string>;

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

/** How far the order of runs may run ahead of their times: the clock stepped back, and the order did not. */
const SLACK = HOUR;

/** Between which places, from `oldest` to below `newest`, the runs lie that the filter's times let through. */
export function boundsOf(
  { since, until }: Pick<RunFilter, 'since' | 'until'>,
  position: number,
): { readonly newest: number; readonly oldest: number } {
  return {
    newest: until === undefined ? position : Math.min(position, (until + SLACK) * 1_000),
    oldest: since === undefined ? 0 : since * 1_000,
  };
}

/** Collects a page from rows that it is shown one after the other, the newest first. */
export class PageBuilder<Row> {
  readonly #found: Row[] = [];
  readonly #after: Cursor[] = [];
  readonly #order: Order;
  readonly #limit: number;
  readonly #matches: (row: Row) => boolean;
  #lookedAt = 0;
  #last = 0;

  constructor(order: Order, limit: number, matches: (row: Row) => boolean) {
    this.#order = order;
    this.#limit = limit;
    this.#matches = matches;
  }

  /** Whether it needs no further row. */
  get isFull(): boolean {
    return this.#found.length === this.#limit || this.#lookedAt >= MOST_LOOKED_AT;
  }

  /** Takes the row if it matches. @param row null for one that has gone since its place was read. */
  look({ position, row }: Listed<Row | null>): void {
    if (row !== null && this.#matches(row)) {
      this.#found.push(row);
      this.#after.push(this.#cursor(position));
    }
    this.#lookedAt += 1;
    this.#last = position;
  }

  build(): Page<Row> {
    return { rows: this.#found, after: this.#after, next: this.isFull ? this.#cursor(this.#last) : null };
  }

  #cursor(position: number): Cursor {
    return `${PREFIXES[this.#order]}${position}`;
  }
}
