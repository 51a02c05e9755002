/**
 * Bytes with their frames, first in, first out, in one ring that grows as it must and never beyond what it is given.
 *
 * Bytes that came on the same stream in the same millisecond become one frame: a command that writes a gigabyte a second
 * makes a thousand frames of it, not a million. One that changes streams with every byte would still make a frame of each:
 * beyond {@link MOST_A_MOMENT} frames of one millisecond they become one for each stream, and the order between the
 * streams is lost within that millisecond.
 */
import type { Instant } from '../../domain/instant.ts';
import { encodedSize } from '../../domain/output/frame-codec.ts';
import { STREAMS, type Frame, type Stream } from '../../domain/output/frame.ts';

interface Mark {
  readonly stream: Stream;
  readonly at: Instant;
  length: number;
}

export const MOST_A_MOMENT = 16;
const SMALLEST = 4 * 1024;
const FRAME_OVERHEAD = encodedSize([{ stream: 'stdout', at: 0, bytes: new Uint8Array(0) }]);
/** Marks that were dropped are cleared away in steps of so many. */
const TIDY_AT = 1_024;

export class FrameQueue {
  #ring: Uint8Array = new Uint8Array(0);
  #start = 0;
  #length = 0;
  #marks: Mark[] = [];
  #firstMark = 0;

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /** In bytes, with what each frame takes beside its own. */
  get size(): number {
    return this.#length + (this.#marks.length - this.#firstMark) * FRAME_OVERHEAD;
  }

  push(stream: Stream, at: Instant, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#makeRoom(bytes.length);
    this.#append(bytes);
    const last = this.#marks.at(-1);
    if (last?.stream === stream && last.at === at && last.length > 0) {
      last.length += bytes.length;
    } else {
      this.#marks.push({ stream, at, length: bytes.length });
      if (this.#marks.at(-MOST_A_MOMENT)?.at === at) this.#gather(at);
    }
  }

  /** Forgets the first bytes, all of them if there are fewer. */
  drop(count: number): void {
    let left = Math.max(0, Math.min(count, this.#length));
    this.#start = (this.#start + left) % Math.max(1, this.#ring.length);
    this.#length -= left;
    for (let mark = this.#marks[this.#firstMark]; mark && left > 0; mark = this.#marks[this.#firstMark]) {
      const cut = Math.min(left, mark.length);
      mark.length -= cut;
      left -= cut;
      if (mark.length === 0) this.#firstMark += 1;
    }
    this.#tidy();
  }

  /** The first bytes as frames of their own, at most so many of both, which are forgotten here. */
  take(most: number, mostFrames: number): Frame[] {
    const frames: Frame[] = [];
    let taken = 0;
    for (const mark of this.#marks.slice(this.#firstMark, this.#firstMark + mostFrames)) {
      const length = Math.min(mark.length, most - taken);
      if (length <= 0) break;
      frames.push({ stream: mark.stream, at: mark.at, bytes: this.#copyOut(taken, length) });
      taken += length;
    }
    this.drop(taken);
    return frames;
  }

  /** The newest frames, all of that millisecond, become one for each stream. */
  #gather(at: Instant): void {
    const from = this.#marks.length - MOST_A_MOMENT;
    const marks = this.#marks.slice(from);
    if (from < this.#firstMark || marks.some((mark) => mark.at !== at)) return;
    const size = marks.reduce((sum, { length }) => sum + length, 0);
    const pieces = cut(this.#copyOut(this.#length - size, size), marks);
    this.#marks.length = from;
    this.#length -= size;
    for (const stream of STREAMS) this.#appendAll(stream, at, pieces);
  }

  #appendAll(stream: Stream, at: Instant, pieces: readonly Frame[]): void {
    const own = pieces.filter((piece) => piece.stream === stream);
    const length = own.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const { bytes } of own) this.#append(bytes);
    if (length > 0) this.#marks.push({ stream, at, length });
  }

  #append(bytes: Uint8Array): void {
    this.#copyIn(bytes);
    this.#length += bytes.length;
  }

  #makeRoom(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#ring.length) return;
    const ring = new Uint8Array(Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(needed))));
    ring.set(this.#copyOut(0, this.#length));
    this.#ring = ring;
    this.#start = 0;
  }

  #copyIn(bytes: Uint8Array): void {
    const at = (this.#start + this.#length) % this.#ring.length;
    const untilEdge = this.#ring.length - at;
    this.#ring.set(bytes.subarray(0, untilEdge), at);
    if (bytes.length > untilEdge) this.#ring.set(bytes.subarray(untilEdge), 0);
  }

  #copyOut(offset: number, length: number): Uint8Array {
    const copy = new Uint8Array(length);
    if (length === 0) return copy;
    const from = (this.#start + offset) % this.#ring.length;
    const untilEdge = this.#ring.length - from;
    copy.set(this.#ring.subarray(from, from + Math.min(length, untilEdge)));
    if (length > untilEdge) copy.set(this.#ring.subarray(0, length - untilEdge), untilEdge);
    return copy;
  }

  /** An empty queue holds no memory: most runs write little, and then nothing for long. */
  #tidy(): void {
    if (this.#length === 0) {
      this.#ring = new Uint8Array(0);
      this.#start = 0;
      this.#marks = [];
      this.#firstMark = 0;
    } else if (this.#firstMark >= TIDY_AT && this.#firstMark * 2 >= this.#marks.length) {
      this.#marks.splice(0, this.#firstMark);
      this.#firstMark = 0;
    }
  }
}

/** The bytes as the frames that the marks make of them. They share their memory. */
function cut(bytes: Uint8Array, marks: readonly Mark[]): Frame[] {
  let end = 0;
  return marks.map(({ stream, at, length }) => ({ stream, at, bytes: bytes.subarray(end, (end += length)) }));
}
