/**
 * The cookie that a page shows instead of a key. No script can read it, no other site's page makes a browser send it, and
 * over TLS no plain request carries it. With the prefix `__Host-` no other program, also not one below the same domain,
 * can put one of its own in its place; that wants the path `/`, so below a base path it is `__Secure-`.
 *
 * Browsers send a cookie to all ports of a host, so the port is in its name: another server there has another cookie.
 */
import type { IncomingMessage } from 'node:http';
import type { Millis } from '../../domain/instant.ts';
import { isSessionToken } from '../keys/secret.ts';
import { portOf } from './host.ts';

export interface CookiePlace {
  /** As people see it: the one that the request is addressed to. Empty for the usual one. */
  readonly port: string;
  /** Whether the client reached us by TLS. */
  readonly secure: boolean;
  readonly basePath: string;
}

const NAME = 'jobsched';

/** Of one request: more by one name are sent by no browser that we left alone. */
const MOST_TOKENS = 4;

/** @param host the Host header. */
export function cookiePlace(host: string, secure: boolean, basePath: string): CookiePlace {
  return { port: portOf(host), secure, basePath };
}

function nameOf({ port, secure, basePath }: CookiePlace): string {
  const name = port === '' ? NAME : `${NAME}-${port}`;
  if (!secure) return name;
  return basePath === '' ? `__Host-${name}` : `__Secure-${name}`;
}

/**
 * All by the name, in their order: browsers send the one of the longest path first. There may be one of an older base
 * path, or, without TLS, one that another program of the host has put there.
 */
export function readSessionCookies(headers: IncomingMessage['headers'], place: CookiePlace): readonly string[] {
  const name = nameOf(place);
  const tokens: string[] = [];
  for (const pair of (headers.cookie ?? '').split(';')) {
    const mark = pair.indexOf('=');
    if (mark <= 0 || pair.slice(0, mark).trim() !== name) continue;
    const token = pair.slice(mark + 1).trim();
    if (isSessionToken(token)) tokens.push(token);
    if (tokens.length === MOST_TOKENS) break;
  }
  return tokens;
}

/** @param lives 0 takes it away. */
export function sessionCookie(token: string, lives: Millis, place: CookiePlace): string {
  const secure = place.secure ? '; Secure' : '';
  const path = place.basePath || '/';
  return `${nameOf(place)}=${token}; Path=${path}; Max-Age=${Math.floor(lives / 1_000)}; HttpOnly; SameSite=Strict${secure}`;
}
