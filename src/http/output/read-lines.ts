/** Reads lines from the store, a page of output at a time, and lets others have their turn between two pages. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunId } from '../../domain/id.ts';
import type { Stream } from '../../domain/output/frame.ts';
import type { OutputPage } from '../../store/output.ts';
import type { Store } from '../../store/store.ts';
import { LineSplitter, type Line } from './lines.ts';

/** Whose lines: of an attempt, of one stream or both. */
export interface LinesOf {
  readonly run: RunId;
  readonly attempt: number;
  /** Null for both. */
  readonly stream: Stream | null;
}

/** Where a line begins. */
export interface Place {
  /** From 1. */
  readonly line: number;
  readonly offset: number;
}

export const BEGINNING: Place = { line: 1, offset: 0 };

export interface LinesRead {
  readonly lines: readonly Line[];
  /** Of the first of them. */
  readonly first: number;
  /** Where the line after them begins. */
  readonly next: Place;
  /** How many bytes of output were looked at for them. */
  readonly bytes: number;
  /** Whether that is all that is there by now; then a line that is still open is among them. */
  readonly last: boolean;
  /** How many bytes the attempt has written so far. */
  readonly total: number;
  /** Whether the attempt has ended, so that nothing comes after that. */
  readonly ended: boolean;
}

/** @param from a place that one of these told, or the beginning. */
export async function* readLines(
  store: Pick<Store, 'readOutput'>,
  { run, attempt, stream }: LinesOf,
  from: Place,
): AsyncGenerator<LinesRead> {
  let lines: Line[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  let { line: first, offset } = from;
  for (;;) {
    const page = await store.readOutput(run, attempt, offset);
    if (page !== null) addPage(splitter, page, offset, stream);
    const reached = page?.next ?? offset;
    // Null: trimmed meanwhile, so that nothing more of it can come.
    const last = page === null || reached >= page.total;
    const next = { line: first + lines.length, offset: splitter.openSince ?? reached };
    if (last) splitter.end();
    yield {
      lines,
      first,
      next,
      bytes: reached - offset,
      last,
      total: page?.total ?? reached,
      ended: page?.ended ?? true,
    };
    if (last) return;
    ({ line: first } = next);
    [lines, offset] = [[], reached];
    await nextTurn();
  }
}

function addPage(splitter: LineSplitter, page: OutputPage, offset: number, stream: Stream | null): void {
  if (page.dropped > 0) splitter.gap(offset, page.dropped);
  let at = offset + page.dropped;
  for (const frame of page.frames) {
    if (stream === null || frame.stream === stream) splitter.add(frame, at);
    at += frame.bytes.length;
  }
}
