/**
 * Whether a request on a connection of this machine's own was passed on for somebody else. The connection is a proxy's
 * then, and whose user asks, nobody can tell: not every proxy says that it is one, so any header by which some do counts,
 * and so does a name by which others than this machine's programs call it.
 */
import type { IncomingMessage } from 'node:http';
import { plainAddress } from './proxies.ts';
import { isLoopback } from './rate-limit.ts';

const HEADERS: ReadonlySet<string> = new Set([
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-host',
  'x-envoy-external-address',
  'cf-connecting-ip',
  'fastly-client-ip',
  'true-client-ip',
]);

/** Whether a proxy says of itself that it passed this on. */
export function isForwarded({ headers }: IncomingMessage): boolean {
  for (const name in headers) if (name.startsWith('x-forwarded-') || HEADERS.has(name)) return true;
  return false;
}

/** Whether the name means the asking machine itself, wherever that is. */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || isLoopback(plainAddress(name) ?? '');
}
