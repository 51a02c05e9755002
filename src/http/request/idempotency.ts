/**
 * Idempotency keys: a client that lost a reply sends its request again with the same key, and nothing is made twice.
 *
 * The store keeps a key with the fingerprint of the request it came with, and with who sent it, so that nobody meets what
 * another one made, nor keeps him from it, who happened on the same key or guessed it. What a request makes has an id that follows
 * from both and from its place in the request, so that a replay finds it, whatever else has become of it since.
 */
import { createHash, randomUUID } from 'node:crypto';
import { jobId, type JobId } from '../../domain/id.ts';
import { JobschedError } from '../../errors.ts';
import type { Caller } from '../guard/caller.ts';
import type { SubmitRequest } from '../../store/jobs.ts';
import { newUuid } from '../../uuid.ts';
import type { ApiRequest } from '../routes/route.ts';

type Sent = Pick<ApiRequest, 'headers' | 'bodyBytes' | 'caller'>;

const KEY = /^[\x21-\x7e]{1,255}$/;

/** @throws JobschedError `invalid_request` when the header is not 1 to 255 visible ASCII characters. */
function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new JobschedError('invalid_request', 'the Idempotency-Key header must be 1 to 255 visible ASCII characters', {
    field: 'Idempotency-Key',
    hint: 'A UUID will do.',
  });
}

/** Whose it is: two words, since no blank is in either. */
function ofCaller(key: string, caller: Caller | null): string {
  return `${caller?.keyId ?? caller?.name ?? ''} ${key}`;
}

/** Also where it may not be needed. @throws JobschedError `invalid_request`. */
export function requireValidKey({ headers }: Pick<ApiRequest, 'headers'>): void {
  idempotencyKey(headers['idempotency-key']);
}

/** Null without a key: then nothing is remembered. @param target what is done to what, where the body alone does not say. */
export function requestOf({ headers, bodyBytes, caller }: Sent, target: string | null = null): SubmitRequest | null {
  const key = idempotencyKey(headers['idempotency-key']);
  if (key === null) return null;
  const of = fingerprint(bodyBytes ?? Buffer.alloc(0));
  return { key: ofCaller(key, caller), fingerprint: target === null ? of : `${target} ${of}` };
}

/** Random without a key: then no two requests are the same. @param target what is done to what. */
export function triggerRequestOf(
  { headers, bodyBytes, caller }: Sent,
  target: string,
): { readonly request: string; readonly fingerprint: string } {
  const request = ofCaller(idempotencyKey(headers['idempotency-key']) ?? randomUUID(), caller);
  return { request, fingerprint: `${target} ${fingerprint(bodyBytes ?? Buffer.alloc(0))}` };
}

/** The same for one of the many things that a request is about. */
export function triggerRequestAmong(request: Sent, target: string): ReturnType<typeof triggerRequestOf> {
  const one = triggerRequestOf(request, target);
  // No request for one thing has more than two words.
  return { ...one, request: `${one.request} ${target}` };
}

/** The same for two bodies that are the same, byte for byte. */
function fingerprint(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url');
}

/**
 * Random, or derived from the request: a UUID of version 8. Never an ordered one (UUID 7): people call a job without a
 * name by the first characters of its id, and the first eight of an ordered one are the same for a minute.
 *
 * @param place in the request, from 0.
 */
export function newJobId(request: SubmitRequest | null, place: number): JobId {
  if (request === null) return jobId(newUuid());
  // A key has two words, and what a fingerprint has before its blanks is no fingerprint: no two requests are written alike.
  const bytes = createHash('sha256').update(`${request.key} ${request.fingerprint} ${place}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return jobId(bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
}

/** @param request whose key it is, the key itself, and of a bulk request what it is for. */
export function keyReused(request: string): JobschedError {
  const [, key = ''] = request.split(' ');
  return new JobschedError('idempotency_key_reused', `the Idempotency-Key ${key} came with another request before`, {
    field: 'Idempotency-Key',
    hint: 'Use a new key for each request, and the same key only to send the same request again.',
  });
}
