/** Ranges of bytes (RFC 9110, section 14): one at a time; whoever asks for several gets all of it. */
import type { IncomingHttpHeaders } from 'node:http';

/** From the first byte to the last, both within. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** As it was asked for: from a byte on, between two, or so many at the end. */
type Asked = { readonly first: number; readonly last: number } | { readonly suffix: number };

/** @param etag of what would be sent: with another one in `If-Range` the client has another beginning, and gets all. */
export function askedRange(headers: IncomingHttpHeaders, etag: string): Asked | null {
  const condition = headers['if-range'];
  if (condition !== undefined && condition !== etag) return null;
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(headers.range ?? '') ?? [];
  if (first !== '') {
    const end = last === '' ? Number.MAX_SAFE_INTEGER : Number(last);
    return end < Number(first) ? null : { first: Number(first), last: end };
  }
  return last === '' ? null : { suffix: Number(last) };
}

/** Null when none of these bytes is there. */
export function withinLength(asked: Asked, length: number): ByteRange | null {
  const first = 'suffix' in asked ? Math.max(0, length - asked.suffix) : asked.first;
  const last = 'suffix' in asked ? length - 1 : Math.min(asked.last, length - 1);
  return first > last ? null : { first, last };
}
