/**
 * The cookie that a page shows instead of a key. No script can read it, no other site's page makes a browser send it, and
 * over TLS no plain request carries it. With the prefix `__Host-` no other program, also not one below the same domain,
 * can put one of its own in its place; that wants the path `/`, so below a base path it is `__Secure-`.
 */
import type { IncomingMessage } from 'node:http';
import type { Millis } from '../../domain/instant.ts';

export interface CookiePlace {
  /** Whether the client reached us by TLS. */
  readonly secure: boolean;
  readonly basePath: string;
}

const NAME = 'jobsched';

function nameOf({ secure, basePath }: CookiePlace): string {
  if (!secure) return NAME;
  return basePath === '' ? `__Host-${NAME}` : `__Secure-${NAME}`;
}

/** The token, or null. Of several by the name, the first: browsers send the one of the longest path first. */
export function readSessionCookie(request: IncomingMessage, place: CookiePlace): string | null {
  const name = nameOf(place);
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const mark = pair.indexOf('=');
    if (mark > 0 && pair.slice(0, mark).trim() === name) return pair.slice(mark + 1).trim();
  }
  return null;
}

/** @param lives 0 takes it away. */
export function sessionCookie(token: string, lives: Millis, place: CookiePlace): string {
  const secure = place.secure ? '; Secure' : '';
  const path = place.basePath || '/';
  return `${nameOf(place)}=${token}; Path=${path}; Max-Age=${Math.floor(lives / 1_000)}; HttpOnly; SameSite=Strict${secure}`;
}
