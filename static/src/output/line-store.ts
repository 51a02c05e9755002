/**
 * The lines of an output that this page knows: those that were in sight lately, out of any number. Lines have numbers from
 * 1 on; a row that is not known is asked for, page by page.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { LineList, NumberedLineView } from '../../../src/http/schema/output.ts';
import { PLAIN, styleLine, type Span, type Style } from './ansi.ts';
import { BLOCK_LINES, blockOf } from './line-space.ts';

export interface Row {
  readonly line: NumberedLineView;
  readonly spans: readonly Span[];
  /** How each stream's text leaves off after it. */
  readonly ends: Readonly<Record<'stdout' | 'stderr', Style>>;
}

/** What is known of the whole. */
export interface Extent {
  readonly total: number;
  /** Whether the server has counted all that is there. */
  readonly counted: boolean;
  /** Whether no more lines come. */
  readonly ended: boolean;
  /** Bytes that are missing. */
  readonly dropped: number;
}

export interface LineRange {
  readonly from: number;
  readonly count: number;
}

/** Some megabytes at most, of lines of usual length. */
const MOST_BLOCKS = 200;
/** What the server gives at once. */
const MOST_ASKED = 1_000;
const UNSTYLED: Row['ends'] = { stdout: PLAIN, stderr: PLAIN };

export class LineStore {
  // The first block is the one that nobody asked for longest.
  readonly #blocks = new Map<number, Map<number, Row>>();
  readonly #extent = signal<Extent>({ total: 0, counted: false, ended: false, dropped: 0 });

  readonly extent: ReadonlySignal<Extent> = this.#extent;

  get total(): number {
    return this.#extent.peek().total;
  }

  /** Null while it is not known. */
  row(number: number): Row | null {
    return this.#blocks.get(blockOf(number))?.get(number) ?? null;
  }

  /** The first rows between two that are not known; null when all are. */
  missing(first: number, last: number): LineRange | null {
    let from = first;
    while (from <= last && this.#recall(from)) from++;
    if (from > last) return null;
    let to = from;
    while (to < last && to - from < MOST_ASKED - 1 && this.row(to + 1) === null) to++;
    return { from, count: to - from + 1 };
  }

  /** Learns what the server answered. */
  take({ lines, total, complete, ended, dropped }: LineList): void {
    const before = this.#extent.peek();
    // Lines have other numbers when more was lost, or when the engine came back with older data.
    if (dropped !== before.dropped || total < before.total) this.#blocks.clear();
    for (const line of lines) this.#put(line);
    const known = { total, counted: complete, ended: complete && ended, dropped };
    // The same again is no news: whoever waits for more is not told.
    if (JSON.stringify(known) !== JSON.stringify(before)) this.#extent.value = known;
  }

  #put(line: NumberedLineView): void {
    const known = this.row(line.n)?.line;
    // What did not change stays the same object, so that it is not drawn again.
    if (known?.text === line.text && known.stream === line.stream && known.time === line.time) return;
    this.#block(blockOf(line.n)).set(line.n, this.#rowOf(line));
  }

  #rowOf(line: NumberedLineView): Row {
    const before = this.row(line.n - 1)?.ends ?? UNSTYLED;
    if (line.stream === null) return { line, spans: [{ text: line.text, style: PLAIN }], ends: before };
    const { spans, end } = styleLine(line.text, before[line.stream]);
    return { line, spans, ends: end === before[line.stream] ? before : { ...before, [line.stream]: end } };
  }

  #block(index: number): Map<number, Row> {
    const block = this.#blocks.get(index) ?? new Map<number, Row>();
    this.#blocks.set(index, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > MOST_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }

  /** Whether a row is known. Its block is then forgotten last. */
  #recall(number: number): boolean {
    const index = blockOf(number);
    const block = this.#blocks.get(index);
    if (block?.has(number) !== true) return false;
    if (number % BLOCK_LINES === 1) {
      this.#blocks.delete(index);
      this.#blocks.set(index, block);
    }
    return true;
  }
}
