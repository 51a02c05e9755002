/**
 * The output of one attempt on its way to the store.
 *
 *   open ──child ended──► closing ──all but the last sent──► closed: the last piece goes with the attempt's end
 *     └──the attempt is lost, or the disk is full: what is held is thrown away
 *
 * A piece that was taken is sent, and sent again in the same cut, until the store answered: a reply can be lost.
 */
import type { Clock } from '../../clock.ts';
import { encodedSize } from '../../domain/output/frame-codec.ts';
import type { Stream } from '../../domain/output/frame.ts';
import type { Held } from '../../store/leases.ts';
import type { OutputChunk } from '../../store/output.ts';
import type { OutputSink } from '../executor/executor.ts';
import { RateLimit } from '../rate-limit.ts';
import { OutputBuffer, type OutputPiece } from './output-buffer.ts';

/** Past the head one attempt sends so much a second, so that `yes` does not drown the store. */
const TAIL_BYTES_PER_SECOND = 768 * 1024;
/** The most that goes in one piece, and so with an attempt's end. */
export const LARGEST_PIECE = 256 * 1024;

export interface OutputChannelEvents {
  readonly written: () => void;
  /** By so many bytes the memory that it holds grew, or shrank when negative. */
  readonly grown: (bytes: number) => void;
}

export class OutputChannel implements OutputSink {
  readonly held: Held;
  readonly #clock: Clock;
  readonly #buffer: OutputBuffer;
  readonly #rate: RateLimit;
  readonly #on: OutputChannelEvents;
  readonly #closed = Promise.withResolvers<OutputPiece | null>();
  #unanswered: OutputPiece | null = null;
  #unansweredSize = 0;
  /** Of the piece that goes with the end. */
  #lastSize = 0;
  /** What was told of {@link OutputChannelEvents.grown}. */
  #told = 0;
  #closing = false;
  /** Something after what the store has was thrown away, which it has to be told of. */
  #threwAway = false;

  constructor(held: Held, limit: number, clock: Clock, on: OutputChannelEvents) {
    this.held = { run: held.run, fence: held.fence };
    this.#clock = clock;
    this.#buffer = new OutputBuffer(limit);
    this.#rate = new RateLimit(clock, TAIL_BYTES_PER_SECOND, LARGEST_PIECE);
    this.#on = on;
  }

  write(stream: Stream, bytes: Uint8Array): void {
    this.#buffer.write(stream, this.#clock.now(), bytes);
    this.#tell();
    this.#on.written();
  }

  /** Bytes that wait, without those being sent. */
  get waiting(): number {
    return this.#buffer.held;
  }

  /** Bytes that may be shed: those past the head. */
  get tail(): number {
    return this.#buffer.tail;
  }

  /** Whether a piece was taken that the store has not answered for. */
  get unanswered(): boolean {
    return this.#unanswered !== null;
  }

  /** Whether its child has ended: what is held need not keep to the attempt's own rate. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closing = true;
    this.settle();
  }

  /** The last piece, at most {@link LARGEST_PIECE}, once all before it is stored; null when there is none. */
  get last(): Promise<OutputPiece | null> {
    return this.#closed.promise;
  }

  /** What to send next, at most `most` bytes or what was not answered; null when there is nothing, or not yet. */
  next(most: number): OutputChunk | null {
    if (!this.#unanswered) this.#setUnanswered(this.#take(most));
    return this.#unanswered && { ...this.held, ...this.#unanswered };
  }

  /** The store has the piece, or will never take it. */
  answered(): void {
    this.#setUnanswered(null);
    this.#threwAway = false;
    this.settle();
  }

  /**
   * Throws away what is held. The store learns of the gap from the next piece's offset. After the close it says that the
   * last piece is not needed any more.
   */
  discard(): void {
    this.#setUnanswered(null);
    this.#threwAway = this.#buffer.total > 0;
    while (this.#buffer.take(LARGEST_PIECE));
    this.settle();
    this.#lastSize = 0;
    this.#tell();
  }

  /** Throws away so much of what is held past the head. */
  shed(bytes: number): void {
    this.#buffer.shed(bytes);
    this.#tell();
  }

  /** Closes it when only the last piece is left. */
  settle(): void {
    if (!this.#closing || this.#unanswered) return;
    const piece = this.#buffer.take(LARGEST_PIECE);
    if (this.#buffer.held > 0) return this.#setUnanswered(piece);
    this.#lastSize = Math.max(this.#lastSize, sizeOf(piece));
    this.#closed.resolve(piece ?? this.#markOfGap());
    this.#tell();
  }

  #setUnanswered(piece: OutputPiece | null): void {
    this.#unanswered = piece;
    this.#unansweredSize = sizeOf(piece);
    this.#tell();
  }

  #tell(): void {
    const size = this.#buffer.size + this.#unansweredSize + this.#lastSize;
    const growth = size - this.#told;
    this.#told = size;
    if (growth !== 0) this.#on.grown(growth);
  }

  #take(most: number): OutputPiece | null {
    if (this.#closing || this.#buffer.nextIsHead) return this.#buffer.take(Math.min(most, LARGEST_PIECE));
    const piece = this.#buffer.take(Math.min(most, LARGEST_PIECE, this.#rate.allowance()));
    if (piece) this.#rate.spend(sizeOf(piece));
    return piece;
  }

  /** A piece without frames, at the end of all that was written. */
  #markOfGap(): OutputPiece | null {
    return this.#threwAway ? { offset: this.#buffer.total, frames: [] } : null;
  }
}

/** In bytes, with the overhead of its frames: a thousand frames of one byte are no kilobyte. */
export function sizeOf(piece: OutputPiece | null): number {
  return piece ? encodedSize(piece.frames) : 0;
}
