/** Output as it was written, byte for byte, with a line of ours where bytes are missing or another attempt begins. */
import type { Frame, Stream } from '../../domain/output/frame.ts';
import { leavesOpen, stampedParts } from '../../domain/output/line-parts.ts';
import { toWireTime } from '../reply/wire-time.ts';
import type { Piece } from './read-attempt.ts';

export type Encode = (piece: Piece) => Uint8Array | null;

/** What stands where bytes are missing. */
export function missingWords(bytes: number): string {
  return `[jobsched: ${bytes.toLocaleString('en')} bytes are missing here; they were not kept]`;
}

/**
 * Turns pieces into bytes. The marks stand on lines of their own, so it remembers whether a line is open.
 *
 * @param isOpen whether one is before the first of them.
 */
export function createTextEncoder(isOpen = false): Encode {
  let openLine = isOpen;
  const mark = createMarks();
  return (piece) => {
    if (piece.kind === 'output') {
      openLine = leavesOpen(piece.frame.bytes);
      return piece.frame.bytes;
    }
    const words = mark(piece);
    if (words === null) return null;
    const text = `${openLine ? '\n' : ''}${words}\n`;
    openLine = false;
    return Buffer.from(text);
  };
}

/**
 * The same with the time before each line, as the worker saw its beginning. A line that one stream left open ends where the
 * other takes the word, so that each line has one time.
 */
export function createTimedEncoder(): Encode {
  let open: Stream | null = null;
  const mark = createMarks();
  return (piece) => {
    const parts: Uint8Array[] = [];
    if (piece.kind === 'output') {
      open = addTimed(parts, piece.frame, open);
      return Buffer.concat(parts);
    }
    const words = mark(piece);
    if (words === null) return null;
    const text = `${open === null ? '' : '\n'}${words}\n`;
    open = null;
    return Buffer.from(text);
  };
}

/** @param open whose line was left open before. @returns whose line is open now. */
function addTimed(parts: Uint8Array[], { stream, at, bytes }: Frame, open: Stream | null): Stream | null {
  const time = Buffer.from(`${toWireTime(at)} `);
  if (open !== null && open !== stream) parts.push(Buffer.from('\n'));
  for (const part of stampedParts(bytes, time, open === stream)) parts.push(part);
  return leavesOpen(bytes) ? stream : null;
}

/** The words for what is no output; null where there is nothing to say. */
function createMarks(): (piece: Exclude<Piece, { kind: 'output' }>) => string | null {
  let first = true;
  return (piece) => {
    switch (piece.kind) {
      case 'dropped':
        return missingWords(piece.bytes);
      case 'attempt': {
        const quiet = first;
        first = false;
        return quiet ? null : `[jobsched: attempt ${piece.attempt}]`;
      }
      case 'end':
        return null;
    }
  };
}
