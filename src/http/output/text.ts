/** Output as it was written, byte for byte, with a line of ours where bytes are missing or another attempt begins. */
import type { Piece } from './read-attempt.ts';

const NEWLINE = 10;

/** What stands where bytes are missing. */
export function missingWords(bytes: number): string {
  return `[jobsched: ${bytes.toLocaleString('en')} bytes are missing here; they were not kept]`;
}

/** Turns pieces into bytes. The marks stand on lines of their own, so it remembers whether a line is open. */
export function createTextEncoder(): (piece: Piece) => Uint8Array | null {
  let openLine = false;
  let first = true;
  const mark = (words: string): Uint8Array => {
    const text = `${openLine ? '\n' : ''}${words}\n`;
    openLine = false;
    return Buffer.from(text);
  };
  return (piece) => {
    switch (piece.kind) {
      case 'output':
        openLine = piece.frame.bytes.at(-1) !== NEWLINE;
        return piece.frame.bytes;
      case 'dropped':
        return mark(missingWords(piece.bytes));
      case 'attempt': {
        const quiet = first;
        first = false;
        return quiet ? null : mark(`[jobsched: attempt ${piece.attempt}]`);
      }
      case 'end':
        return null;
    }
  };
}
