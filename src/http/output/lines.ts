/**
 * Output as numbered lines, for readers that jump around in it.
 *
 * A line is what one stream wrote up to and with its newline. Where both streams are read, the other stream's word ends a
 * line that was left open. What is longer than {@link MOST_LINE_BYTES} is told as several lines, cut between characters;
 * what is missing since it was not kept is a line of its own. So wherever a line begins, reading can begin, and finds the
 * same lines.
 */
import type { Instant } from '../../domain/instant.ts';
import type { Frame, Stream } from '../../domain/output/frame.ts';
import { NEWLINE } from '../../domain/output/line-parts.ts';

/** No line is longer, so that a page of lines is bounded. */
export const MOST_LINE_BYTES = 16 * 1024;
/** A line that its stream leaves open while so many bytes of the other one pass is told as it is. */
const MOST_APART = 256 * 1024;

export type Line =
  | {
      readonly kind: 'text';
      /** Where it begins in the attempt's output, both streams counted. */
      readonly offset: number;
      readonly stream: Stream;
      /** When the worker saw its beginning. */
      readonly at: Instant;
      /** Without its newline. */
      readonly bytes: Buffer;
    }
  | { readonly kind: 'dropped'; readonly offset: number; readonly bytes: number };

interface OpenLine {
  readonly offset: number;
  readonly stream: Stream;
  readonly at: Instant;
  readonly parts: Uint8Array[];
  length: number;
}

export class LineSplitter {
  readonly #take: (line: Line) => void;
  #open: OpenLine | null = null;

  /** @param take is given each line when its end is known. */
  constructor(take: (line: Line) => void) {
    this.#take = take;
  }

  /** Where the line begins whose end is not known; null between lines. */
  get openSince(): number | null {
    return this.#open?.offset ?? null;
  }

  /** @param offset where the frame begins. */
  add({ stream, at, bytes }: Frame, offset: number): void {
    if (this.#open !== null && (this.#open.stream !== stream || offset - this.#open.offset > MOST_APART)) this.end();
    for (let from = 0; from < bytes.length;) {
      const newline = bytes.indexOf(NEWLINE, from);
      const to = newline < 0 ? bytes.length : newline;
      const open = (this.#open ??= { offset: offset + from, stream, at, parts: [], length: 0 });
      const room = MOST_LINE_BYTES - open.length;
      if (to - from > room) {
        const cut = from + beforeCharacter(bytes, from, room);
        this.#append(open, bytes.subarray(from, cut));
        this.end();
        from = cut;
      } else {
        this.#append(open, bytes.subarray(from, to));
        if (newline >= 0) this.end();
        from = to + 1;
      }
    }
  }

  gap(offset: number, bytes: number): void {
    this.end();
    this.#take({ kind: 'dropped', offset, bytes });
  }

  /** What is open is told as it is. */
  end(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const { offset, stream, at, parts, length } = open;
    this.#take({ kind: 'text', offset, stream, at, bytes: joined(parts, length) });
  }

  #append(open: OpenLine, part: Uint8Array): void {
    if (part.length === 0) return;
    open.parts.push(part);
    open.length += part.length;
  }
}

/** As one; most lines come in one part, which is not copied. */
function joined(parts: readonly Uint8Array[], length: number): Buffer {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0) return Buffer.from(first.buffer, first.byteOffset, first.byteLength);
  return Buffer.concat(parts, length);
}

/** At most so many bytes, and no character of UTF-8 cut in two when that can be helped. */
function beforeCharacter(bytes: Uint8Array, from: number, most: number): number {
  for (let length = most; length > Math.max(0, most - 3); length -= 1) {
    if (((bytes[from + length] ?? 0) & 0xc0) !== 0x80) return length;
  }
  return most;
}
