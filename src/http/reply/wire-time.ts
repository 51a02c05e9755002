/** Time on the wire: RFC 3339, in UTC, with milliseconds. */
import type { Instant } from '../../domain/instant.ts';

export const toWireTime = (instant: Instant): string => new Date(instant).toISOString();

export const toWireTimeOrNull = (instant: Instant | null): string | null =>
  instant === null ? null : toWireTime(instant);

/** @param text as `schema/scalar.ts` lets it through. Fractions of a millisecond are cut off. */
export const fromWireTime = (text: string): Instant => Date.parse(text);

export const fromWireTimeOrNull = (text: string | null | undefined): Instant | null =>
  text == null ? null : fromWireTime(text);
