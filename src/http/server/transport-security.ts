/**
 * `Strict-Transport-Security`: a browser that has been here comes back by TLS alone. It holds for all ports of a host, and
 * for a year, so it is said only where it was asked for and harms nobody else: for the host of a `--public-url` of https
 * at the usual port, in an answer that went by TLS. Browsers ignore it elsewhere (RFC 6797, 8.1).
 */
import type { IncomingMessage } from 'node:http';
import { hostName } from '../guard/host.ts';
import type { Proxies } from '../guard/proxies.ts';
import type { Headers } from '../reply/reply.ts';

export type TransportSecurity = (request: IncomingMessage) => Headers;

const NOTHING: Headers = {};
const STRICT: Headers = { 'Strict-Transport-Security': 'max-age=31536000' };

export function transportSecurity(publicUrl: string | null, proxies: Proxies): TransportSecurity {
  const url = publicUrl === null ? null : new URL(publicUrl);
  if (url?.protocol !== 'https:' || url.port !== '') return () => NOTHING;
  return (request) =>
    hostName(request.headers.host ?? '') === url.hostname && proxies.isSecure(request) ? STRICT : NOTHING;
}

/**
 * Whether the client reached us by TLS: to us, to a trusted proxy, or to one at the https address that people are told to
 * use.
 */
export function reachedByTls(publicUrl: string | null, proxies: Proxies): (request: IncomingMessage) => boolean {
  const url = publicUrl === null ? null : new URL(publicUrl);
  const isPublic = ({ headers }: IncomingMessage): boolean =>
    url?.protocol === 'https:' && headers.host?.toLowerCase() === url.host;
  return (request) => proxies.isSecure(request) || isPublic(request);
}
