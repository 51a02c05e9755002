/** The small values that bodies, queries and replies are made of. Patterns are those of `domain/id.ts`. */
import { z } from 'zod';

/** A point in time as replies give it: RFC 3339, UTC, milliseconds. */
export const time = z.iso.datetime().meta({ examples: ['2026-11-24T02:00:00.000Z'] });

/** A point in time as requests may give it: RFC 3339 with any offset, years 1970 to 9999. */
export const timeGiven = z.iso
  .datetime({ offset: true })
  .refine((text) => /^(19[7-9]|[2-9]\d\d)/.test(text), 'must lie between the years 1970 and 9999')
  .meta({ examples: ['2026-11-24T02:00:00Z', '2026-11-24T03:00:00+01:00'] });

export const jobIdText = z.uuid().meta({ examples: ['0199a6c2-7c1e-7b52-9d53-2f6b1f1f3a10'] });

export const runIdText = z
  .string()
  .regex(/^[0-9a-f-]{36}\.[1-9][0-9]{0,14}$/)
  .meta({ examples: ['0199a6c2-7c1e-7b52-9d53-2f6b1f1f3a10.42'] });

/** How many rows a page has. */
export const limit = z.int().min(1).max(200);

export const count = z.int().min(0);

/** Text that can be an argument or an environment variable: no NUL, and encodable as UTF-8. */
export const plainText = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
  .refine((text) => text.isWellFormed(), 'must be well-formed Unicode');

/** Plain text of at most so many bytes of UTF-8. */
export function textUpTo(bytes: number): typeof plainText {
  return (
    plainText
      .refine((text) => Buffer.byteLength(text) <= bytes, `must be at most ${bytes.toLocaleString('en')} bytes long`)
      // Of characters no more can be said: each has a byte or more.
      .meta({ maxLength: bytes })
  );
}
