/**
 * Rows of output in the document. Not Preact's: a hundred thousand lines are appended, never compared.
 *
 * Rows stand in blocks; full blocks out of sight cost no layout (`content-visibility`), and only the newest
 * {@link MOST_ROWS} rows stay. Following means that the end stays in sight; scrolling up ends it, scrolling to the end or
 * `toEnd` begins it again. Everything is written as text: output is never markup.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import { clockTime, fullTime } from '../format/time.ts';
import { number } from '../format/size.ts';
import type { Line, Row, Span } from './lines.ts';

export const MOST_ROWS = 20_000;
const BLOCK_ROWS = 200;
/** So near to the end counts as there. */
const NEAR_PX = 24;

export class LogView {
  readonly #scroller: HTMLElement;
  readonly #following = signal(true);
  readonly #unseen = signal(0);
  readonly #dropped = signal(0);
  readonly #elements = new Map<Row, HTMLElement>();
  readonly #blocks: Row[][] = [];
  readonly #waiting = new Set<Row>();
  #frame = 0;

  /** Whether the end is kept in sight. */
  readonly following: ReadonlySignal<boolean> = this.#following;
  /** Rows that came since it was not. */
  readonly unseen: ReadonlySignal<number> = this.#unseen;
  /** Rows that were here and are not any more, since there were too many. */
  readonly dropped: ReadonlySignal<number> = this.#dropped;

  /** @param scroller an empty element that scrolls. It is ours until `close`. */
  constructor(scroller: HTMLElement) {
    this.#scroller = scroller;
    scroller.addEventListener('scroll', this.#scrolled, { passive: true });
  }

  /** Shows rows that are new, and again those that have changed: at the browser's next frame. */
  show(rows: Iterable<Row>): void {
    for (const row of rows) this.#waiting.add(row);
    if (this.#waiting.size > 0) this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  toEnd(): void {
    this.#following.value = true;
    this.#unseen.value = 0;
    this.#pin();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#scroller.removeEventListener('scroll', this.#scrolled);
    this.#scroller.replaceChildren();
  }

  #draw(): void {
    this.#frame = 0;
    let added = 0;
    for (const row of this.#waiting) {
      const element = this.#elements.get(row);
      if (element === undefined) added += this.#append(row);
      else element.replaceChildren(...rowContent(row));
    }
    this.#waiting.clear();
    this.#trim();
    if (this.#following.value) this.#pin();
    else this.#unseen.value += added;
  }

  #append(row: Row): 1 {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.length === BLOCK_ROWS) {
      this.#scroller.lastElementChild?.classList.add('full');
      this.#scroller.append(newElement('log-block'));
      this.#blocks.push((block = []));
    }
    const element = newElement(row.kind === 'mark' ? 'log-mark' : `log-line ${row.stream}`);
    element.append(...rowContent(row));
    this.#scroller.lastElementChild?.append(element);
    this.#elements.set(row, element);
    block.push(row);
    return 1;
  }

  #trim(): void {
    while (this.#blocks.length > MOST_ROWS / BLOCK_ROWS) {
      const gone = this.#blocks.shift() ?? [];
      for (const row of gone) this.#elements.delete(row);
      this.#scroller.firstElementChild?.remove();
      this.#dropped.value += gone.length;
    }
  }

  #pin(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  readonly #scrolled = (): void => {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    this.#following.value = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    if (this.#following.value) this.#unseen.value = 0;
  };
}

function rowContent(row: Row): Node[] {
  if (row.kind === 'mark') return [document.createTextNode(row.text)];
  const time = newElement('log-time', 'span');
  time.textContent = clockTime(row.at);
  time.title = fullTime(row.at);
  const stream = newElement('log-stream', 'span');
  stream.textContent = row.stream === 'stderr' ? 'err' : '';
  const text = newElement('log-text', 'span');
  text.append(...row.spans.map(spanNode), ...cutNote(row));
  return [time, stream, text];
}

function cutNote({ cut }: Line): Node[] {
  if (cut === 0) return [];
  const note = newElement('log-cut', 'span');
  note.textContent = ` … ${number(cut)} more characters in the download`;
  return [note];
}

const SWITCHES = ['bold', 'faint', 'italic', 'underline', 'strike', 'inverse'] as const;

function spanNode({ text, style }: Span): Node {
  const classes: string[] = SWITCHES.filter((name) => style[name]);
  const { foreground, background } = style;
  if (typeof foreground === 'number') classes.push(`fg-${foreground}`);
  if (typeof background === 'number') classes.push(`bg-${background}`);
  const node = document.createTextNode(text);
  if (classes.length === 0 && foreground === null && background === null) return node;
  const span = newElement(classes.join(' '), 'span');
  // Set one by one: a style attribute would be forbidden by the page's policy, and rightly.
  if (typeof foreground === 'string') span.style.color = foreground;
  if (typeof background === 'string') span.style.backgroundColor = background;
  span.append(node);
  return span;
}

function newElement(className: string, tag: 'div' | 'span' = 'div'): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
