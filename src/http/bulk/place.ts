/**
 * Where an action on many goes on, as its reply gives it: what was begun and takes longer, and where the others begin.
 *
 *   j1.5                a list goes on below this
 *   i50                 so many of those that were named are dealt with
 *   more:<id>,<id>:i50  the same, and these are to be finished first
 *   more:<id>:end       these are the last
 */
import type { Cursor } from '../../store/views.ts';

export interface Place {
  /** Ids. */
  readonly begun: readonly string[];
  /** Null: at the beginning; or `THE_END`. */
  readonly rest: Cursor | null;
}

export const THE_END = 'end';

/** Of those that were named: how many are dealt with. */
export const afterNames = (count: number): Cursor => `i${count}`;

export const namesBefore = (rest: Cursor | null): number => (rest === null ? 0 : Number(rest.slice(1)));

/** Whether a cursor can be one of a request that names things. */
export const isAmongNames = (cursor: unknown): boolean =>
  typeof cursor === 'string' && /^(?:more:[^:]*:)?(?:i\d{1,4}|end)$/.test(cursor);

export function placeOf(cursor: string | null): Place {
  const [, begun, rest] = /^more:([^:]+):(.+)$/.exec(cursor ?? '') ?? [];
  if (begun === undefined || rest === undefined) return { begun: [], rest: cursor };
  return { begun: begun.split(',').slice(0, MOST_BEGUN), rest };
}

/** More are never begun at once. */
export const MOST_BEGUN = 50;

/** @param rest null: the others are dealt with. @returns null when all are. */
export function cursorOf(begun: readonly string[], rest: Cursor | null): string | null {
  if (begun.length === 0) return rest === THE_END ? null : rest;
  return `more:${begun.join(',')}:${rest ?? THE_END}`;
}
