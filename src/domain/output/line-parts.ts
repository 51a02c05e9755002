/** Output by its lines, byte for byte. */

export const NEWLINE = 10;

/** The bytes, cut after each newline: each part ends with one, but for the last, that may be the beginning of a line. */
export function* lineParts(bytes: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline < 0 ? bytes.length : newline + 1;
    yield bytes.subarray(from, to);
    from = to;
  }
}

/** Whether a line goes on behind the bytes, of which there is one at least. */
export function leavesOpen(bytes: Uint8Array): boolean {
  return bytes.at(-1) !== NEWLINE;
}

/** The parts, with a stamp before each line that begins in them. @param isOpen whether they begin within a line. */
export function* stampedParts(bytes: Uint8Array, stamp: Uint8Array, isOpen: boolean): Generator<Uint8Array> {
  let isWithin = isOpen;
  for (const part of lineParts(bytes)) {
    if (!isWithin) yield stamp;
    yield part;
    isWithin = false;
  }
}
