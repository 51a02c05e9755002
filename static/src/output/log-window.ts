/** The blocks of lines that are drawn, at their true height, and their place in the space that `line-space.ts` describes. */
import { blockOf, firstOf, idealTop, lastOf, ROW_PX, spaceHeight, type Drawn, type Space } from './line-space.ts';
import type { LineSelection } from './line-selection.ts';
import type { LineRange, LineStore } from './line-store.ts';
import { LogBlock } from './log-block.ts';
import type { RowLook } from './log-row.ts';

export class LogWindow {
  readonly element: HTMLElement = document.createElement('div');
  readonly #store: LineStore;
  #look: RowLook;
  #chosen: LineSelection | null = null;
  #blocks: LogBlock[] = [];
  #top = 0;
  #rowPx = ROW_PX;

  constructor(store: LineStore, look: RowLook) {
    [this.#store, this.#look] = [store, look];
    this.element.className = 'log-window';
  }

  /** Null while nothing is. */
  get drawn(): Drawn | null {
    const [first, last] = [this.#blocks[0], this.#blocks.at(-1)];
    if (first === undefined || last === undefined) return null;
    const height = this.#blocks.reduce((sum, block) => sum + block.height, 0);
    return { first: first.index, last: last.index, top: this.#top, height };
  }

  get space(): Space {
    return { total: this.#store.total, rowPx: this.#rowPx };
  }

  get spaceHeight(): number {
    return this.drawn === null ? 0 : spaceHeight(this.drawn, this.space);
  }

  get idealTop(): number {
    return this.drawn === null ? 0 : idealTop(this.drawn, this.space);
  }

  has(line: number): boolean {
    return this.#blocks.some(({ index }) => index === blockOf(line));
  }

  moveTo(top: number): void {
    this.#top = top;
    this.element.style.top = `${top}px`;
  }

  /** Draws this block alone. */
  start(index: number): void {
    this.#blocks = [this.#made(index)];
    this.element.replaceChildren(...this.#blocks.map(({ element }) => element));
    this.#measure();
    this.moveTo(this.idealTop);
  }

  clear(): void {
    this.#blocks = [];
    this.element.replaceChildren();
  }

  /** Draws all that lies between two places, near which something is drawn, and forgets what lies far from there. */
  cover(from: number, to: number): void {
    const drop = to - from;
    for (let drawn = this.drawn; drawn !== null && drawn.top > from && drawn.first > 0; drawn = this.drawn) {
      const block = this.#made(drawn.first - 1);
      this.element.prepend(block.element);
      this.#blocks.unshift(block);
      block.measure();
      this.moveTo(this.#top - block.height);
    }
    const end = blockOf(Math.max(1, this.#store.total));
    for (let drawn = this.drawn; drawn !== null && bottom(drawn) < to && drawn.last < end; drawn = this.drawn) {
      const block = this.#made(drawn.last + 1);
      this.element.append(block.element);
      this.#blocks.push(block);
      block.measure();
    }
    this.#dropBefore(from - drop);
    this.#dropAfter(to + drop);
  }

  /** Draws what has changed in the store. */
  draw(): void {
    const last = blockOf(Math.max(1, this.#store.total));
    while ((this.#blocks.at(-1)?.index ?? 0) > last) this.#blocks.pop()?.element.remove();
    for (const block of this.#blocks) block.draw(this.#store, this.#look, this.#chosen);
    this.#measure();
  }

  /** Draws everything anew. */
  redraw(look: RowLook): void {
    this.#look = look;
    for (const block of this.#blocks) block.draw(this.#store, look, this.#chosen, true);
    this.#measure();
  }

  choose(chosen: LineSelection | null): void {
    this.#chosen = chosen;
    for (const block of this.#blocks) block.choose(chosen);
  }

  /** Takes what is drawn for the usual height of a line. */
  learnHeight(): void {
    const { drawn } = this;
    if (drawn === null || drawn.height === 0) return;
    this.#rowPx = drawn.height / (lastOf(drawn.last, this.#store.total) - firstOf(drawn.first) + 1);
  }

  /** Where a line begins that is drawn. */
  placeOf(line: number): number {
    let place = this.#top;
    for (const block of this.#blocks) {
      if (block.index === blockOf(line)) return place + block.rowAt(line).offsetTop;
      place += block.height;
    }
    return place;
  }

  /** The line at a place, and how many pixels of it lie above. */
  lineAt(place: number): { readonly line: number; readonly above: number } {
    let top = this.#top;
    for (const block of this.#blocks) {
      if (place < top + block.height || block === this.#blocks.at(-1)) return block.lineAt(place - top);
      top += block.height;
    }
    return { line: 1, above: 0 };
  }

  /** Lines that are drawn and not known, first those from a line on. */
  missing(from: number): LineRange | null {
    const { drawn } = this;
    if (drawn === null) return null;
    const [first, last] = [firstOf(drawn.first), lastOf(drawn.last, this.#store.total)];
    return this.#store.missing(Math.max(first, from), last) ?? this.#store.missing(first, last);
  }

  #made(index: number): LogBlock {
    const block = new LogBlock(index);
    block.draw(this.#store, this.#look, this.#chosen);
    return block;
  }

  #measure(): void {
    for (const block of this.#blocks) block.measure();
  }

  #dropBefore(place: number): void {
    for (let [block] = this.#blocks; block !== undefined && this.#blocks.length > 1; [block] = this.#blocks) {
      if (this.#top + block.height > place) return;
      this.#blocks.shift();
      block.element.remove();
      this.moveTo(this.#top + block.height);
    }
  }

  #dropAfter(place: number): void {
    for (let block = this.#blocks.at(-1); block !== undefined && this.#blocks.length > 1; block = this.#blocks.at(-1)) {
      const { drawn } = this;
      if (drawn === null || bottom(drawn) - block.height < place) return;
      this.#blocks.pop();
      block.element.remove();
    }
  }
}

const bottom = ({ top, height }: Drawn): number => top + height;
