/** Some lines of an output that follow each other, in one element. Not Preact's: they are replaced, never compared. */
import { drawRow, type RowLook } from './log-row.ts';
import { firstOf, lastOf } from './line-space.ts';
import type { LineStore, Row } from './line-store.ts';
import type { LineSelection } from './line-selection.ts';

export class LogBlock {
  readonly index: number;
  readonly element: HTMLElement = document.createElement('div');
  readonly #shown: (Row | null)[] = [];
  /** As it was measured last. */
  height = 0;

  constructor(index: number) {
    this.index = index;
    this.element.className = 'log-block';
  }

  /** Draws what has changed. @param anew everything, since the look has. */
  draw(store: LineStore, look: RowLook, chosen: LineSelection | null, anew = false): void {
    const first = firstOf(this.index);
    const count = Math.max(0, lastOf(this.index, store.total) - first + 1);
    while (this.#shown.length > count) {
      this.#shown.pop();
      this.element.lastElementChild?.remove();
    }
    for (let at = 0; at < count; at++) {
      const row = store.row(first + at) ?? this.#shown[at] ?? null;
      const isNew = at >= this.#shown.length;
      if (isNew) this.element.append(document.createElement('div'));
      if (!isNew && !anew && this.#shown[at] === row) continue;
      const element = this.rowAt(first + at);
      drawRow(element, first + at, row, look);
      element.classList.toggle('chosen', isChosen(chosen, first + at));
      this.#shown[at] = row;
    }
  }

  choose(chosen: LineSelection | null): void {
    const first = firstOf(this.index);
    for (const [at, row] of [...this.element.children].entries()) {
      row.classList.toggle('chosen', isChosen(chosen, first + at));
    }
  }

  measure(): void {
    this.height = this.element.getBoundingClientRect().height;
  }

  /** The element of a line of it. */
  rowAt(line: number): HTMLElement {
    const at = Math.min(line - firstOf(this.index), this.element.children.length - 1);
    return this.element.children[at] as HTMLElement;
  }

  /** The line that stands at so many pixels below its top, and how many of the line's lie above. */
  lineAt(place: number): { readonly line: number; readonly above: number } {
    let [low, high] = [0, this.element.children.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.element.children[middle] as HTMLElement).offsetTop <= place) low = middle;
      else high = middle - 1;
    }
    const line = firstOf(this.index) + low;
    return { line, above: place - this.rowAt(line).offsetTop };
  }
}

const isChosen = (chosen: LineSelection | null, line: number): boolean =>
  chosen !== null && line >= chosen.first && line <= chosen.last;
