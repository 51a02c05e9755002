/** Lines by their numbers, and lines by what stands in them, a bounded amount of work at a time. */
import { stripVTControlCharacters } from 'node:util';
import type { Store } from '../../store/store.ts';
import type { Line } from './lines.ts';
import type { LineIndex } from './line-index.ts';
import { readLines, type LinesOf, type Place } from './read-lines.ts';

/** A reply holds about so much text, however many lines were asked for. */
const MOST_TEXT_BYTES = 1024 * 1024;
/** How much output one search looks at. */
export const MOST_SEARCHED_BYTES = 8 * 1024 * 1024;

export interface NumberedLine {
  readonly number: number;
  readonly line: Line;
}

interface Sources {
  readonly store: Pick<Store, 'readOutput'>;
  readonly index: LineIndex;
}

/** Those from a number on; fewer when the text is long. None when the index does not reach so far. */
export async function linesAt(
  { store, index }: Sources,
  of: LinesOf,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<NumberedLine[]> {
  const found = new Collected(count);
  for await (const { lines, first } of readLines(store, of, index.placeBefore(from))) {
    for (const [place, line] of lines.entries()) {
      if (first + place >= from && !found.isFull) found.add({ number: first + place, line });
    }
    if (found.isFull) break;
  }
  return found.lines;
}

export interface Found {
  readonly matches: readonly NumberedLine[];
  /** Where to go on; null when all that is there was looked at. */
  readonly next: Place | null;
}

/** Goes through the lines from a place on, until it has seen its share or found enough. */
export async function searchLines(
  { store, requireListener }: { readonly store: Pick<Store, 'readOutput'>; readonly requireListener: () => void },
  of: LinesOf,
  {
    from,
    line,
    limit,
    matches,
  }: {
    readonly from: Place;
    /** The first to be looked at; not before the place. */
    readonly line: number;
    readonly limit: number;
    readonly matches: (line: Line) => boolean;
  },
): Promise<Found> {
  const found = new Collected(limit);
  let searched = 0;
  for await (const { lines, first, next, bytes, last } of readLines(store, of, from)) {
    requireListener();
    for (const [place, text] of lines.entries()) {
      if (first + place < line || !matches(text)) continue;
      found.add({ number: first + place, line: text });
      if (found.isFull) return { matches: found.lines, next: after(lines, place, first, { next, last }) };
    }
    searched += bytes;
    if (last) break;
    if (searched >= MOST_SEARCHED_BYTES) return { matches: found.lines, next };
  }
  return { matches: found.lines, next: null };
}

/** Where the line after one of these begins; null when none is there. */
function after(
  lines: readonly Line[],
  place: number,
  first: number,
  { next, last }: { readonly next: Place; readonly last: boolean },
): Place | null {
  const following = lines[place + 1];
  if (following !== undefined) return { line: first + place + 1, offset: following.offset };
  return last ? null : next;
}

/** Plain text, byte for byte, or whatever the case. Colours and the like within a line are passed over. */
export function matcher(text: string, ignoreCase: boolean): (line: Line) => boolean {
  if (ignoreCase) {
    const lower = text.toLowerCase();
    return (line) => line.kind === 'text' && unstyled(line.bytes).toString('utf8').toLowerCase().includes(lower);
  }
  const bytes = Buffer.from(text);
  return (line) => line.kind === 'text' && (line.bytes.includes(bytes) || unstyled(line.bytes).includes(bytes));
}

const ESCAPE = 0x1b;

function unstyled(bytes: Buffer): Buffer {
  if (!bytes.includes(ESCAPE)) return bytes;
  return Buffer.from(stripVTControlCharacters(bytes.toString('latin1')), 'latin1');
}

class Collected {
  readonly lines: NumberedLine[] = [];
  readonly #most: number;
  #bytes = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.lines.length >= this.#most || this.#bytes >= MOST_TEXT_BYTES;
  }

  add(numbered: NumberedLine): void {
    this.lines.push(numbered);
    if (numbered.line.kind === 'text') this.#bytes += numbered.line.bytes.length;
  }
}
