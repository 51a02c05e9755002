/** A part of the text of an attempt that has ended, which does not change any more. */
import { JobschedError } from '../../errors.ts';
import type { ByteRange } from '../request/range.ts';
import { readPieces, type ReadRequest } from './read-attempt.ts';
import { createTextEncoder } from './text.ts';
import type { TextPlace } from './text-index.ts';

type Sources = Parameters<typeof readPieces>[0];

export async function* encodeText(
  sources: Sources,
  request: ReadRequest,
  gone: AbortSignal,
  openLine = false,
): AsyncGenerator<Uint8Array> {
  const encode = createTextEncoder(openLine);
  for await (const piece of readPieces(sources, request, gone)) {
    const bytes = encode(piece);
    if (bytes !== null) yield bytes;
  }
}

/**
 * @param place at or before the range.
 * @throws JobschedError when it ends too early, since it was removed meanwhile: the client is not to take it for whole.
 */
export async function* encodePart(
  sources: Sources,
  { request, place, range }: { readonly request: ReadRequest; readonly place: TextPlace; readonly range: ByteRange },
  gone: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { first, last } = range;
  let { at } = place;
  for await (const bytes of encodeText(sources, { ...request, offset: place.offset }, gone, place.openLine)) {
    const part = bytes.subarray(Math.max(0, first - at), last + 1 - at);
    at += bytes.length;
    if (part.length > 0) yield part;
    if (at > last) return;
  }
  if (!gone.aborted) throw new JobschedError('not_found', 'the output was removed while it was sent');
}
