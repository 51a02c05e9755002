/**
 * What one attempt has written and the store does not have yet: all of its head, and of the rest the newest.
 *
 *   0 ─── head ───┬────── forgotten ──────┬──── tail ────┐ total
 *   (limit / 4)   │ past the head, not    │ (3/4 limit)  │
 *                 │ sent in time          │              │
 *
 * Invariants:
 * - What is forgotten lies past the head and before the last three quarters of the limit: at the end the store has, or is
 *   given, the first quarter and the last three of the limit, to the byte.
 *   Only {@link OutputBuffer.shed} breaks this.
 * - It holds `limit` bytes at most, whatever the command writes.
 */
import type { Instant } from '../../domain/instant.ts';
import type { Frame, Stream } from '../../domain/output/frame.ts';
import { outputWindow } from '../../domain/output/window.ts';
import { FrameQueue } from './frame-queue.ts';

/** In one piece, so that no store has to write very many at once. */
const MOST_FRAMES = 4_096;

/** Frames without a gap between them. `offset` counts all bytes written before the first. */
export interface OutputPiece {
  readonly offset: number;
  readonly frames: readonly Frame[];
}

export class OutputBuffer {
  readonly #headSize: number;
  readonly #tailSize: number;
  readonly #head = new FrameQueue();
  readonly #tail = new FrameQueue();
  #total = 0;

  /** @param limit the job's `outputLimitBytes`. */
  constructor(limit: number) {
    this.#headSize = outputWindow(limit, 0).head;
    this.#tailSize = limit - this.#headSize;
  }

  /** All bytes written so far. */
  get total(): number {
    return this.#total;
  }

  /** Bytes that wait to be taken. */
  get held(): number {
    return this.#head.length + this.#tail.length;
  }

  /** What that takes, with the overhead of its frames. */
  get size(): number {
    return this.#head.size + this.#tail.size;
  }

  /** Bytes of the tail that wait to be taken. */
  get tail(): number {
    return this.#tail.length;
  }

  /** Whether the next piece begins in the head, which is sent as it comes. */
  get nextIsHead(): boolean {
    return this.#head.length > 0;
  }

  write(stream: Stream, at: Instant, bytes: Uint8Array): void {
    const ofHead = Math.max(0, Math.min(bytes.length, this.#headSize - this.#total));
    this.#head.push(stream, at, bytes.subarray(0, ofHead));
    const rest = bytes.subarray(ofHead);
    this.#tail.push(stream, at, rest.subarray(Math.max(0, rest.length - this.#tailSize)));
    this.#tail.drop(this.#tail.length - this.#tailSize);
    this.#total += bytes.length;
  }

  /**
   * The oldest bytes that are held, up to the next gap, at most `most` and in at most {@link MOST_FRAMES} frames from
   * either part; null when there are none.
   */
  take(most: number): OutputPiece | null {
    if (this.held === 0 || most <= 0) return null;
    const tailStart = this.#total - this.#tail.length;
    if (this.#head.length === 0) return { offset: tailStart, frames: this.#tail.take(most, MOST_FRAMES) };
    const headEnd = Math.min(this.#total, this.#headSize);
    const offset = headEnd - this.#head.length;
    const whole = Math.min(most, this.#head.length);
    const frames = this.#head.take(most, MOST_FRAMES);
    const joins = this.#head.length === 0 && tailStart === headEnd;
    return { offset, frames: joins ? [...frames, ...this.#tail.take(most - whole, MOST_FRAMES)] : frames };
  }

  /** Forgets so much of the tail, the oldest first, when all attempts together hold too much. */
  shed(bytes: number): void {
    this.#tail.drop(bytes);
  }
}
