/** Time on the wire: RFC 3339, in UTC, with milliseconds. */
import type { Instant } from '../../domain/instant.ts';

/** The one told last. A job that was just made tells its instant twice, and so do those that were made with it. */
let told = { instant: Number.NaN, text: '' };

export function toWireTime(instant: Instant): string {
  if (instant !== told.instant) told = { instant, text: new Date(instant).toISOString() };
  return told.text;
}

export const toWireTimeOrNull = (instant: Instant | null): string | null =>
  instant === null ? null : toWireTime(instant);

/** @param text as `schema/scalar.ts` lets it through. Fractions of a millisecond are cut off. */
export const fromWireTime = (text: string): Instant => Date.parse(text);

export const fromWireTimeOrNull = (text: string | null | undefined): Instant | null =>
  text == null ? null : fromWireTime(text);
