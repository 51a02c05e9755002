/**
 * Whether a key that somebody shows is one. Those that are none count against the address they come from; from one that
 * has shown too many only keys that were valid here before are looked for, and nothing else reaches the store.
 */
import type { Found, KnownKeys } from '../keys/known-keys.ts';
import { hashSecret, isKeySecret } from '../keys/secret.ts';
import { goOn } from './at-once.ts';
import { clientOf, type RateLimit } from './rate-limit.ts';

/** At once for one that is known. Null for one that is not valid. @throws TooManyRequests after too many of these. */
export type CheckKey = (secret: string, address: string) => Promise<Found | null> | Found | null;

/** @param failures of keys that are not valid, by address. */
export function createCheckKey(keys: KnownKeys, failures: RateLimit): CheckKey {
  return (secret, address) => {
    const client = clientOf(address);
    const wrong = (): null => {
      failures.take(client);
      return null;
    };
    if (!isKeySecret(secret)) return wrong();
    const hash = hashSecret(secret);
    if (!keys.wasValid(hash)) failures.check(client);
    return goOn(keys.find({ kind: 'key', hash }), (found) => found ?? wrong());
  };
}
