/** Output as lines of JSON, for programs that need streams and times told apart: see `schema/output.ts`. */
import { isUtf8 } from 'node:buffer';
import type { OutputLine } from '../schema/output.ts';
import { toWireTime } from '../reply/wire-time.ts';
import type { Piece } from './read-attempt.ts';

export function encodeLine(piece: Piece): Uint8Array {
  return Buffer.from(`${JSON.stringify(toLine(piece))}\n`);
}

export function toLine(piece: Piece): OutputLine {
  switch (piece.kind) {
    case 'attempt':
      return { kind: 'attempt', attempt: piece.attempt };
    case 'dropped':
      return { kind: 'dropped', attempt: piece.attempt, offset: piece.offset, bytes: piece.bytes };
    case 'end': {
      const { attempt, offset, complete, run } = piece;
      return { kind: 'end', attempt, offset, complete, status: run.status };
    }
    case 'output': {
      const { attempt, offset, frame } = piece;
      const place = { kind: 'output', attempt, offset, stream: frame.stream, at: toWireTime(frame.at) } as const;
      const bytes = Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength);
      return isUtf8(bytes)
        ? { ...place, text: bytes.toString('utf8') }
        : { ...place, base64: bytes.toString('base64') };
    }
  }
}
