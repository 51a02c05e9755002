/**
 * Where the lines of an attempt begin: one place for every 64 KiB, so that any line is found by reading one page of
 * output, and an index of 64 MiB is a thousand places. It grows as it is asked for, and as the output does.
 */
import type { Store } from '../../store/store.ts';
import { BEGINNING, readLines, type LinesOf, type Place } from './read-lines.ts';

const STEP_BYTES = 64 * 1024;

/** How much output one request reads to know more lines. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface Extent {
  /** How many lines are known. The last of a running attempt may still grow. */
  readonly lines: number;
  /** Whether these are all that are there by now. */
  readonly complete: boolean;
  /** Whether the attempt has ended, so that no others come. */
  readonly ended: boolean;
}

export class LineIndex {
  readonly #store: Pick<Store, 'readOutput'>;
  readonly #of: LinesOf;
  #places: Place[] = [BEGINNING];
  #extent: Extent = { lines: 0, complete: false, ended: false };
  #extending: Promise<void> | null = null;

  constructor(store: Pick<Store, 'readOutput'>, of: LinesOf) {
    this.#store = store;
    this.#of = of;
  }

  /** Reads on from where it stands, a bounded amount, for all who ask at the same time. @returns what is known then. */
  async extend(): Promise<Extent> {
    if (this.#extent.complete && this.#extent.ended) return this.#extent;
    this.#extending ??= this.#readOn().finally(() => (this.#extending = null));
    await this.#extending;
    return this.#extent;
  }

  /** The last known place at or before a line. */
  placeBefore(line: number): Place {
    let [low, high] = [0, this.#places.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#places[middle] ?? BEGINNING).line <= line) low = middle;
      else high = middle - 1;
    }
    return this.#places[low] ?? BEGINNING;
  }

  async #readOn(): Promise<void> {
    let last = this.#places.at(-1) ?? BEGINNING;
    let bytes = 0;
    for await (const read of readLines(this.#store, this.#of, last)) {
      bytes += read.bytes;
      // The engine came back with older data than it had told of.
      if (read.total < last.offset) {
        this.#places = [BEGINNING];
        this.#extent = { lines: 0, complete: false, ended: false };
        return;
      }
      if (!read.last && read.next.offset - last.offset >= STEP_BYTES) {
        last = read.next;
        this.#places.push(last);
      }
      this.#extent = { lines: read.first + read.lines.length - 1, complete: read.last, ended: read.ended };
      if (bytes >= MOST_BYTES) return;
    }
  }
}
