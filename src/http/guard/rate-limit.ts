/**
 * How often a client may ask: a bucket of tokens for each, filled steadily, of which each request takes one. A bucket is
 * kept as the one moment at which it will be full again (GCRA), and is forgotten when that has passed.
 */
import { isIPv6 } from 'node:net';
import { SECOND, type Millis } from '../../domain/instant.ts';
import { JobschedError } from '../../errors.ts';

export interface Rate {
  /** Tokens that come back in a second; 0: no limit. */
  readonly perSecond: number;
  /** Tokens of a full bucket. */
  readonly burst: number;
}

export interface RateLimit {
  /** Takes a token. @throws TooManyRequests when there is none. */
  take(client: string): void;
  /** Takes none. @throws TooManyRequests when there is none. */
  check(client: string): void;
}

/** Known when the client may come again. */
export class TooManyRequests extends JobschedError {
  /** Whole seconds, at least 1. */
  readonly retryAfter: number;

  constructor(message: string, waitMs: Millis) {
    const retryAfter = Math.max(1, Math.ceil(waitMs / SECOND));
    super('too_many_requests', message, {
      hint: `Wait ${retryAfter} s, as Retry-After says, and send fewer requests.`,
    });
    this.retryAfter = retryAfter;
  }
}

/** Buckets that are not full, at most: some 2 MB. Beyond it the oldest are forgotten: they begin anew. */
const MOST_CLIENTS = 20_000;

/**
 * @param what a client does too often, for the message.
 * @param most clients that are known at a time.
 */
export function createRateLimit(
  { perSecond, burst }: Rate,
  monotonic: () => Millis,
  what: string,
  most = MOST_CLIENTS,
): RateLimit {
  if (perSecond === 0) return { take: () => undefined, check: () => undefined };
  const token = SECOND / perSecond;
  const slack = (burst - 1) * token;
  const fullAt = new Map<string, Millis>();
  /** @returns when its bucket would be full. */
  const check = (client: string, now: Millis): Millis => {
    const full = Math.max(now, fullAt.get(client) ?? 0);
    if (full - now > slack) throw new TooManyRequests(`too many ${what}`, full - now - slack);
    return full;
  };
  return {
    check: (client) => void check(client, monotonic()),
    take: (client) => {
      const now = monotonic();
      const full = check(client, now);
      if (fullAt.size >= most && !fullAt.has(client)) forget(fullAt, now, most);
      fullAt.set(client, full + token);
    },
  };
}

/** Those that are full again, and when these are few, the half that came first: so it is done seldom. */
function forget(fullAt: Map<string, Millis>, now: Millis, most: number): void {
  for (const [client, full] of fullAt) if (full <= now) fullAt.delete(client);
  for (const client of fullAt.keys()) {
    if (fullAt.size <= most / 2) return;
    fullAt.delete(client);
  }
}

/** What one owner has is one client: of IPv6 whole networks of 64 bits. */
export function clientOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [head, tail].map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(Math.max(0, 8 - (before?.length ?? 0) - (after?.length ?? 0))).fill('0');
  return [...(before ?? []), ...(address.includes('::') ? zeros : []), ...(after ?? [])].slice(0, 4).join(':');
}

/** This machine itself. */
export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.');
