/**
 * Time, as the domain knows it: it never asks for it, it is always told.
 *
 * An `Instant` is a point in time in whole milliseconds since 1970-01-01T00:00:00Z, the unit of both engines and of
 * every timer. On the wire it is RFC 3339 in UTC; that is the border's business, not ours.
 */
export type Instant = number;

/** A length of time in milliseconds. */
export type Millis = number;

export const SECOND: Millis = 1_000;
export const MINUTE: Millis = 60 * SECOND;
export const HOUR: Millis = 60 * MINUTE;
export const DAY: Millis = 24 * HOUR;
