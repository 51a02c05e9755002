/**
 * Pages of other sites may not ask. A browser says by `Sec-Fetch-Site` and `Origin` whose page asks; programs say
 * neither and are let through: they answer for themselves.
 */
import type { IncomingMessage } from 'node:http';
import { JobschedError } from '../../errors.ts';

/** Opened by the person, from a bookmark or the address bar: `none`. */
const OWN_SITES = new Set(['same-origin', 'none']);

/**
 * @param host the request's, already allowed.
 * @throws JobschedError `cross_site`.
 */
export function checkOrigin(request: IncomingMessage, host: string, publicUrl: string | null): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  if (site !== undefined && !OWN_SITES.has(site)) throw refused(`a page of another site (${site})`);
  if (origin !== undefined && !isOwn(origin, host, publicUrl)) throw refused(`a page of ${origin.slice(0, 100)}`);
}

/**
 * A cookie is sent by browsers, and every browser says whose page changes something.
 *
 * @throws JobschedError `cross_site`.
 */
export function checkBrowser({ headers }: IncomingMessage): void {
  if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined) return;
  throw new JobschedError('cross_site', 'a cookie came without the Origin that browsers send', {
    hint: 'Programs show a key: Authorization: Bearer <key>.',
  });
}

/** The scheme is not compared: a proxy may speak TLS for us. A port is: another port is another program. */
function isOwn(origin: string, host: string, publicUrl: string | null): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  const here = URL.canParse(`${url.protocol}//${host}`) ? new URL(`${url.protocol}//${host}`).host : null;
  return url.host === here || (publicUrl !== null && url.host === new URL(publicUrl).host);
}

function refused(who: string): JobschedError {
  return new JobschedError('cross_site', `${who} may not do this`, {
    hint: "If it is jobsched's own page behind a proxy, start the server with --public-url URL.",
  });
}
