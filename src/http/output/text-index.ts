/**
 * Where the text of an attempt that has ended lies in its output, and how long it is: of one stream, or of what has gaps,
 * nobody knows without reading it. It is read once, not for each part that is asked for. One place is kept for every
 * 256 KiB, so that any part is found by reading little more than it, and an index of 64 MiB is 256 places.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { leavesOpen } from '../../domain/output/line-parts.ts';
import type { Store } from '../../store/store.ts';
import { createNewest, type Newest } from './newest.ts';
import { piecesOf, type ReadRequest } from './read-attempt.ts';
import { createTextEncoder } from './text.ts';

export interface TextPlace {
  /** In the text. */
  readonly at: number;
  /** In what the attempt wrote. */
  readonly offset: number;
  /** Whether a line is open there. */
  readonly openLine: boolean;
}

const STEP_BYTES = 256 * 1024;

/** How much output one step reads to know more. */
const MOST_BYTES = 16 * 1024 * 1024;

export class TextIndex {
  readonly #store: Pick<Store, 'readOutput'>;
  readonly #request: ReadRequest;
  readonly #places: TextPlace[];
  #reached: TextPlace;
  #complete = false;
  #extending: Promise<void> | null = null;

  constructor(store: Pick<Store, 'readOutput'>, request: ReadRequest) {
    this.#store = store;
    this.#request = request;
    this.#reached = { at: 0, offset: request.offset, openLine: false };
    this.#places = [this.#reached];
  }

  /**
   * Reads on from where it stands, a bounded amount, for all who ask at the same time.
   *
   * @returns the length of the text; null while it is not known.
   */
  async extend(): Promise<number | null> {
    if (!this.#complete) {
      this.#extending ??= this.#readOn().finally(() => (this.#extending = null));
      await this.#extending;
    }
    return this.#complete ? this.#reached.at : null;
  }

  /** The last known place at or before a byte of the text. */
  placeBefore(at: number): TextPlace {
    return this.#places.findLast((place) => place.at <= at) ?? this.#reached;
  }

  async #readOn(): Promise<void> {
    const { run, attempt, stream } = this.#request;
    const end = this.#reached.offset + MOST_BYTES;
    while (this.#reached.offset < end) {
      let { at, offset, openLine } = this.#reached;
      const page = await this.#store.readOutput(run.id, attempt, offset);
      if (page !== null) {
        const encode = createTextEncoder(openLine);
        for (const piece of piecesOf(page, { attempt, offset, stream })) {
          const bytes = encode(piece);
          if (bytes === null) continue;
          at += bytes.length;
          openLine = leavesOpen(bytes);
        }
        offset = page.next;
      }
      this.#reached = { at, offset, openLine };
      // Null: removed meanwhile, so that nothing more of it can come.
      this.#complete = page === null || page.next >= page.total;
      if (this.#complete) return;
      if (offset - (this.#places.at(-1)?.offset ?? 0) >= STEP_BYTES) this.#places.push(this.#reached);
      await nextTurn();
    }
  }
}

/** Each takes some 20 KiB at most. */
const MOST_KEPT = 200;

export const createTextIndexes = (): Newest<TextIndex> => createNewest(MOST_KEPT);
