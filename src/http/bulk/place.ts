/**
 * Where an action on many goes on, as its reply gives it: what was begun and takes longer, and where the others begin.
 *
 *   j1.5                    a list goes on below this
 *   i50                     so many of those that were named are dealt with
 *   more:<id>@9,<id>@7:i50  the same, and these are to be finished first, each from where it was left
 *   more:<id>@9:end         these are the last
 */
import type { Cursor } from '../../store/views.ts';

export interface Begun {
  readonly id: string;
  /** How far it came, as whoever acts on it counts. */
  readonly at: number;
}

export interface Place {
  readonly begun: readonly Begun[];
  /** Null: at the beginning; or `THE_END`. */
  readonly rest: Cursor | null;
}

export const THE_END = 'end';

/** Of those that were named: how many are dealt with. */
export const afterNames = (count: number): Cursor => `i${count}`;

export const namesBefore = (rest: Cursor | null): number => (rest === null ? 0 : Number(rest.slice(1)));

/** Whether a cursor can be one of a request that names things. */
export const isAmongNames = (cursor: unknown): boolean =>
  typeof cursor === 'string' && /^(?:i\d{1,4}|end)$/.test(placeOf(cursor).rest ?? '');

const BEGUN = /^more:([^:,@]+@\d{1,15}(?:,[^:,@]+@\d{1,15})*):(.+)$/;

export function placeOf(cursor: string | null): Place {
  const [, begun, rest] = BEGUN.exec(cursor ?? '') ?? [];
  if (begun === undefined || rest === undefined) return { begun: [], rest: cursor };
  return { begun: begun.split(',').slice(0, MOST_BEGUN).map(toBegun), rest };
}

function toBegun(text: string): Begun {
  const [id = '', at] = text.split('@');
  return { id, at: Number(at) };
}

/** More are never begun at once. */
export const MOST_BEGUN = 50;

/** @param rest null: the others are dealt with. @returns null when all are. */
export function cursorOf(begun: readonly Begun[], rest: Cursor | null): string | null {
  if (begun.length === 0) return rest === THE_END ? null : rest;
  return `more:${begun.map(({ id, at }) => `${id}@${at}`).join(',')}:${rest ?? THE_END}`;
}

/** As replies say where to go on. Null: nothing is left. */
export const goesOn = (cursor: string | null): { readonly more: boolean; readonly next_cursor: string | null } => ({
  more: cursor !== null,
  next_cursor: cursor,
});
