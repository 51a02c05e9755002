/** Requests that make something: the server knows each by a key, so that one sent again after a loss makes nothing new. */
import type { Call } from './transport.ts';
import type { Millis } from '../domain/instant.ts';

/** Long enough for a server that is being restarted. */
const AGAIN: readonly Millis[] = [50, 500, 2_000];

/**
 * What such a call has besides its path and body.
 *
 * @param key default: a new one, of the global `crypto`: importing node:crypto would cost each start of the command line
 *   a fifth of a bare start of Node.
 */
export function keyed(key: string = crypto.randomUUID()): Required<Pick<Call, 'headers' | 'again'>> {
  return { headers: { 'idempotency-key': key }, again: AGAIN };
}
