/**
 * The lines of an output in an element that scrolls, however many there are.
 *
 *   following ⇄ at a place       Following keeps the end in sight. Scrolling up ends it, scrolling to the end begins it.
 *
 * Whatever changes above what is in sight, the line that one looks at stays where it is: it is the anchor. Scrolling within
 * what is drawn is the browser's own; only beyond it more is drawn, and only at rest the scroll bar is set right.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { LineSelection } from './line-selection.ts';
import { blockOf, lineAt, ROW_PX } from './line-space.ts';
import type { LineRange, LineStore } from './line-store.ts';
import type { RowLook } from './log-row.ts';
import { LogWindow } from './log-window.ts';
import { REST_MS } from './rest.ts';

/** So much is drawn above and below what is in sight. */
const MARGIN_PX = 1_200;
/** So near to the end counts as there. */
const NEAR_PX = 24;

interface Anchor {
  readonly line: number;
  /** Pixels from the top of what is in sight down to the line. */
  readonly below: number;
}

export interface LogViewOptions {
  readonly scroller: HTMLElement;
  readonly store: LineStore;
  readonly look: RowLook;
  /** Called when lines may be needed that are not known. */
  readonly onNeed: () => void;
}

export class LogView {
  readonly #scroller: HTMLElement;
  readonly #store: LineStore;
  readonly #onNeed: () => void;
  readonly #window: LogWindow;
  readonly #space: HTMLElement = document.createElement('div');
  readonly #resizes = new ResizeObserver(() => this.update());
  readonly #following = signal(true);
  readonly #unseen = signal(0);
  #anchor: Anchor = { line: 1, below: 0 };
  /** Where we scrolled to ourselves. */
  #ownTop = 0;
  #scrolledByPerson = false;
  /** How many lines there were when following ended. */
  #seen = 0;
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** Whether the end is kept in sight. */
  readonly following: ReadonlySignal<boolean> = this.#following;
  /** Lines that came since it was not. */
  readonly unseen: ReadonlySignal<number> = this.#unseen;

  /** Its scroller is ours until `close`. */
  constructor({ scroller, store, look, onNeed }: LogViewOptions) {
    [this.#scroller, this.#store, this.#onNeed] = [scroller, store, onNeed];
    this.#window = new LogWindow(store, look);
    this.#space.className = 'log-space';
    this.#space.append(this.#window.element);
    scroller.replaceChildren(this.#space);
    scroller.addEventListener('scroll', this.#scrolled, { passive: true });
    this.#resizes.observe(scroller);
  }

  /** The line at the top of what is in sight. */
  get topLine(): number {
    return this.#anchor.line;
  }

  /** Draws what the store has learnt, at the browser's next frame. */
  update(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  toEnd(): void {
    // From wherever a person has scrolled to.
    this.#ownTop = this.#scroller.scrollTop;
    this.#scrolledByPerson = false;
    this.#follow(true);
    this.#draw();
  }

  stay(): void {
    this.#follow(false);
  }

  /** Brings a line into sight if it is not, also one that is not known yet. */
  toLine(line: number): void {
    this.#notice();
    if (this.#scrolledByPerson) this.#look();
    this.#follow(false);
    if (this.#isInSight(line)) return;
    this.#anchor = { line, below: Math.round(this.#scroller.clientHeight / 3) };
    if (this.#store.total < line) return;
    this.#start(line);
    this.#scrollTo(this.#window.placeOf(line) - this.#anchor.below);
    this.#draw();
  }

  choose(chosen: LineSelection | null): void {
    this.#window.choose(chosen);
  }

  /** Draws everything anew, since its look has changed. */
  redraw(look: RowLook): void {
    this.#window.redraw(look);
    this.#draw();
  }

  /** Lines in sight, or near, that are not known. */
  missing(): LineRange | null {
    return this.#window.missing(this.#following.peek() ? 1 : this.#anchor.line);
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
    this.#resizes.disconnect();
    this.#scroller.removeEventListener('scroll', this.#scrolled);
    this.#scroller.replaceChildren();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { total } = this.#store;
    this.#notice();
    if (this.#scrolledByPerson) this.#look();
    if (total === 0) this.#window.clear();
    else if (this.#following.peek()) this.#pin(total);
    else this.#hold(total);
    this.#size();
    if (!this.#following.peek()) this.#unseen.value = Math.max(0, total - this.#seen);
    this.#onNeed();
  }

  /** Where a person has scrolled to. */
  #look(): void {
    this.#scrolledByPerson = false;
    const { drawn, space } = this.#window;
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    if (drawn === null) return;
    if (scrollTop + clientHeight >= scrollHeight - 1) {
      this.#follow(true);
    } else if (scrollTop + clientHeight < drawn.top || scrollTop > drawn.top + drawn.height) {
      const line = lineAt(scrollTop, drawn, space);
      this.#anchor = { line: Math.floor(line), below: -(line % 1) * space.rowPx };
    } else {
      this.#rememberPlace();
      if (this.#isAtEnd()) this.#follow(true);
    }
  }

  #rememberPlace(): void {
    const { line, above } = this.#window.lineAt(this.#scroller.scrollTop);
    this.#anchor = { line, below: -above };
  }

  #pin(total: number): void {
    const last = blockOf(total);
    if ((this.#window.drawn?.last ?? -2) < last - 1) this.#start(total);
    this.#window.draw();
    this.#toBottom();
    this.#cover();
    this.#window.moveTo(this.#window.idealTop);
    this.#toBottom();
    this.#rememberPlace();
  }

  #hold(total: number): void {
    const { line: wanted, below } = this.#anchor;
    if (wanted > total && !this.#store.extent.peek().counted) return;
    const line = Math.min(wanted, total);
    if (!this.#window.has(line)) this.#start(line);
    this.#window.draw();
    this.#moveWindow(this.#scroller.scrollTop + below - this.#window.placeOf(line));
    this.#cover();
    const { drawn } = this.#window;
    // At its beginning nothing lies before what is drawn, and elsewhere there must be room for it.
    if (drawn !== null && (drawn.first === 0 ? drawn.top !== 0 : drawn.top <= 0)) this.#straighten();
  }

  #start(line: number): void {
    this.#window.start(blockOf(line));
    this.#size();
  }

  #cover(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    this.#window.cover(scrollTop - MARGIN_PX, scrollTop + clientHeight + MARGIN_PX);
  }

  #moveWindow(by: number): void {
    if (Math.abs(by) >= 0.5) this.#window.moveTo((this.#window.drawn?.top ?? 0) + by);
  }

  /** Sets the scroll bar to where we are, without moving what is in sight. */
  #straighten(): void {
    const moved = this.#window.idealTop - (this.#window.drawn?.top ?? 0);
    if (Math.abs(moved) < 1) return;
    this.#moveWindow(moved);
    this.#size();
    this.#scrollTo(this.#scroller.scrollTop + moved);
  }

  #toBottom(): void {
    this.#size();
    this.#scrollTo(this.#window.spaceHeight);
  }

  #size(): void {
    this.#space.style.height = `${this.#window.spaceHeight}px`;
  }

  #scrollTo(top: number): void {
    this.#scroller.scrollTop = top;
    this.#ownTop = this.#scroller.scrollTop;
  }

  #follow(is: boolean): void {
    if (this.#following.peek() && !is) this.#seen = this.#store.total;
    this.#following.value = is;
    if (is) this.#unseen.value = 0;
  }

  #isAtEnd(): boolean {
    const { drawn, space } = this.#window;
    const { scrollTop, clientHeight } = this.#scroller;
    if (drawn?.last !== blockOf(space.total)) return false;
    return drawn.top + drawn.height - scrollTop - clientHeight < NEAR_PX;
  }

  #isInSight(line: number): boolean {
    if (!this.#window.has(line)) return false;
    const below = this.#window.placeOf(line) - this.#scroller.scrollTop;
    return below >= 0 && below <= this.#scroller.clientHeight - 2 * ROW_PX;
  }

  readonly #scrolled = (): void => {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#rested(), REST_MS);
    if (this.#notice()) this.update();
  };

  /** Whether a person has scrolled since we looked: the browser tells of it a frame later, and we must not scroll before. */
  #notice(): boolean {
    if (Math.abs(this.#scroller.scrollTop - this.#ownTop) < 1) return false;
    this.#ownTop = this.#scroller.scrollTop;
    this.#scrolledByPerson = true;
    if (!this.#isAtEnd()) this.#follow(false);
    return true;
  }

  #rested(): void {
    if (this.#notice()) return this.update();
    if (this.#following.peek() || this.#window.drawn === null) return;
    this.#window.learnHeight();
    this.#straighten();
    this.#size();
  }
}
