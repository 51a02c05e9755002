/**
 * Frames as bytes, for stores.
 *
 *   stream: 1 byte | time: 6 bytes, ms since 1970 | length: 4 bytes | the bytes      (all big-endian)
 *
 * Law: `decode(encode(frames))` is `frames`; and encodings can be joined end to end, so that a store may append.
 */
import { STREAMS, type Frame } from './frame.ts';

const HEADER_BYTES = 11;

export function encodedSize(frames: readonly Frame[]): number {
  return frames.reduce((size, frame) => size + HEADER_BYTES + frame.bytes.byteLength, 0);
}

export function encodeFrames(frames: readonly Frame[]): Uint8Array {
  const encoded = new Uint8Array(encodedSize(frames));
  const view = new DataView(encoded.buffer);
  let at = 0;
  for (const frame of frames) {
    view.setUint8(at, STREAMS.indexOf(frame.stream));
    view.setUint16(at + 1, Math.floor(frame.at / 2 ** 32));
    view.setUint32(at + 3, frame.at % 2 ** 32);
    view.setUint32(at + 7, frame.bytes.byteLength);
    encoded.set(frame.bytes, at + HEADER_BYTES);
    at += HEADER_BYTES + frame.bytes.byteLength;
  }
  return encoded;
}

/**
 * The frames share the memory of `encoded`.
 *
 * @throws RangeError when these bytes are not what `encodeFrames` makes.
 */
export function decodeFrames(encoded: Uint8Array): Frame[] {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const frames: Frame[] = [];
  let at = 0;
  while (at < encoded.byteLength) {
    const stream = STREAMS[view.getUint8(at)];
    const end = at + HEADER_BYTES + view.getUint32(at + 7);
    if (stream === undefined || end > encoded.byteLength) throw new RangeError('not a block of frames');
    const time = view.getUint16(at + 1) * 2 ** 32 + view.getUint32(at + 3);
    frames.push({ stream, at: time, bytes: encoded.subarray(at + HEADER_BYTES, end) });
    at = end;
  }
  return frames;
}
