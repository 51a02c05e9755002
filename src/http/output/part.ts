/** A part of the text of an attempt that has ended, which does not change any more. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JobschedError } from '../../errors.ts';
import type { ByteRange } from '../request/range.ts';
import { readPieces, type ReadRequest } from './read-attempt.ts';
import { createTextEncoder } from './text.ts';

type Sources = Parameters<typeof readPieces>[0];

/** Whether what is sent is what was written, from its first byte to its last: then a place in the one is one in the other. */
export interface Text {
  readonly request: ReadRequest;
  readonly isVerbatim: boolean;
}

export async function* encodeText(
  sources: Sources,
  request: ReadRequest,
  gone: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const encode = createTextEncoder();
  for await (const piece of readPieces(sources, request, gone)) {
    const bytes = encode(piece);
    if (bytes !== null) yield bytes;
  }
}

/** Reads all of it; others have their turn in between. */
export async function lengthOf(sources: Sources, request: ReadRequest, between: () => void): Promise<number> {
  let [length, since] = [0, 0];
  for await (const bytes of encodeText(sources, request, new AbortController().signal)) {
    length += bytes.length;
    since += bytes.length;
    if (since < TURN_BYTES) continue;
    since = 0;
    await nextTurn();
    between();
  }
  return length;
}

const TURN_BYTES = 64 * 1024;

/** @throws JobschedError when it ends too early, since it was removed meanwhile: the client is not to take it for whole. */
export async function* encodePart(
  sources: Sources,
  { request, isVerbatim }: Text,
  { first, last }: ByteRange,
  gone: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const skipped = isVerbatim ? first : 0;
  let at = skipped;
  for await (const bytes of encodeText(sources, { ...request, offset: request.offset + skipped }, gone)) {
    const part = bytes.subarray(Math.max(0, first - at), last + 1 - at);
    at += bytes.length;
    if (part.length > 0) yield part;
    if (at > last) return;
  }
  if (!gone.aborted) throw new JobschedError('not_found', 'the output was removed while it was sent');
}
