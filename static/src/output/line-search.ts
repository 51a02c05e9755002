/**
 * Text looked for in the whole output, by the server. The first matches are gathered, so that one can say how many there
 * are and go back and forth among them; where there are more than that, the next and the last are asked for one by one.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { LineMatches } from '../../../src/http/schema/output.ts';

export const MOST_GATHERED = 1_000;
/** What the server gives at once. */
const MOST_ASKED = 200;
/** How far back is looked for the match before, at first. */
const BACK_LINES = 200;

export interface Found {
  /** Lines, in their order. */
  readonly lines: readonly number[];
  /** Whether these are all, as far as the output has been written. */
  readonly complete: boolean;
  readonly searching: boolean;
  readonly failed: boolean;
}

type Ask = (
  query: { readonly q: string; readonly from: string; readonly limit: number },
  signal: AbortSignal,
) => Promise<LineMatches>;

const NOTHING: Found = { lines: [], complete: false, searching: false, failed: false };

export class LineSearch {
  readonly #ask: Ask;
  readonly #found = signal<Found>(NOTHING);
  readonly #text = signal('');
  #abort = new AbortController();
  /** Where the gathering stands: what the server is asked for next. */
  #place = '1';

  /** What is looked for; empty for nothing. */
  readonly text: ReadonlySignal<string> = this.#text;
  /** What was found of the text so far. */
  readonly found: ReadonlySignal<Found> = this.#found;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Looks for another text, or for none. Resolves when the first matches are gathered. @throws what asking does. */
  async start(text: string): Promise<void> {
    this.stop();
    this.#text.value = text;
    this.#found.value = { ...NOTHING, complete: text === '' };
    if (text !== '') await this.#gather('1', this.#abort.signal);
  }

  /** Looks at what was written since, or goes on where it failed. @param from the last line that there was, which may have grown. */
  async goOn(from: number): Promise<void> {
    const { complete, searching, failed, lines } = this.#found.peek();
    if (this.#text.peek() === '' || searching) return;
    // After a failure nothing from that place on has been looked at.
    if (failed) return this.#gather(this.#place, this.#abort.signal);
    if (!complete) return;
    this.#learn({ lines: lines.filter((line) => line < from) });
    await this.#gather(`${from}`, this.#abort.signal);
  }

  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** The next match, from the beginning again after the last. Null when there is none. */
  async after(line: number): Promise<number | null> {
    const { lines, complete } = this.#found.peek();
    const known = lines.find((one) => one > line);
    if (known !== undefined || complete) return known ?? lines[0] ?? null;
    return (await this.firstFrom(line + 1)) ?? lines[0] ?? null;
  }

  /** The match before, from the end again before the first. Null when there is none. */
  async before(line: number): Promise<number | null> {
    const { lines, complete } = this.#found.peek();
    const known = lines.findLast((one) => one < line);
    if (complete) return known ?? lines.at(-1) ?? null;
    const end = lines.at(-1) ?? 0;
    // Between the last of the first matches and here there may be others.
    if (known !== end) return known ?? null;
    for (let back = BACK_LINES; ; back *= 8) {
      const from = Math.max(end, line - back);
      const last = await this.#lastBetween(from, line);
      if (last !== null || from === end) return last ?? known ?? null;
    }
  }

  /** Asked for, whatever is gathered. Null when there is none down to the end. */
  async firstFrom(from: number): Promise<number | null> {
    for (let next: string | null = `${from}`; next !== null;) {
      const page: LineMatches = await this.#page(next, 1, this.#abort.signal);
      const [match] = page.matches;
      if (match !== undefined) return match.n;
      ({ next } = page);
    }
    return null;
  }

  async #lastBetween(from: number, before: number): Promise<number | null> {
    let last: number | null = null;
    for (let next: string | null = `${from}`; next !== null;) {
      const page: LineMatches = await this.#page(next, MOST_ASKED, this.#abort.signal);
      for (const { n } of page.matches) if (n < before) last = n;
      if (page.matches.some(({ n }) => n >= before) || Number.parseInt(page.next ?? '0', 10) >= before) return last;
      ({ next } = page);
    }
    return last;
  }

  async #gather(from: string, mine: AbortSignal): Promise<void> {
    this.#learn({ searching: true, failed: false });
    try {
      for (let next: string | null = from; next !== null && this.#found.peek().lines.length < MOST_GATHERED;) {
        this.#place = next;
        const page: LineMatches = await this.#page(next, MOST_ASKED, mine);
        ({ next } = page);
        const lines = [...this.#found.peek().lines, ...page.matches.map(({ n }) => n)];
        this.#learn({ lines, complete: next === null });
      }
      this.#learn({ searching: false });
    } catch (error) {
      if (!mine.aborted) this.#learn({ searching: false, failed: true });
      throw error;
    }
  }

  #learn(more: Partial<Found>): void {
    this.#found.value = { ...this.#found.peek(), ...more };
  }

  async #page(from: string, limit: number, mine: AbortSignal): Promise<LineMatches> {
    const page = await this.#ask({ q: this.#text.peek(), from, limit }, mine);
    mine.throwIfAborted();
    return page;
  }
}
