/**
 * Idempotency keys: a client that lost a reply sends its request again with the same key, and nothing is made twice.
 *
 * The store keeps a key with the fingerprint of the request it came with. In a bulk request each job has the key and its
 * place; the blank between them is in no key that a client can send.
 */
import { createHash } from 'node:crypto';
import { JobschedError } from '../errors.ts';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws JobschedError `invalid_request` when the header is not 1 to 255 visible ASCII characters. */
export function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new JobschedError('invalid_request', 'the Idempotency-Key header must be 1 to 255 visible ASCII characters', {
    field: 'Idempotency-Key',
    hint: 'A UUID will do.',
  });
}

/** The same for two bodies that are the same, byte for byte. */
export function fingerprint(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url');
}

/** @param place in a bulk request, from 0. */
export function placedKey(key: string, place: number): string {
  return `${key} ${place}`;
}

export function keyReused(key: string): JobschedError {
  return new JobschedError('idempotency_key_reused', `the Idempotency-Key ${key} came with another request before`, {
    field: 'Idempotency-Key',
    hint: 'Use a new key for each request, and the same key only to send the same request again.',
  });
}
