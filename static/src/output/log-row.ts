/** A line of output in the document. Everything is written as text: output is never markup. */
import { clockTime, fullTime } from '../format/time.ts';
import { shownZone } from '../zone.ts';
import type { Span, Style } from './ansi.ts';
import type { Row } from './line-store.ts';

export interface RowLook {
  /** The address of a line. */
  readonly hrefOf: (line: number) => string;
  /** What is searched for, whatever its case; empty for nothing. */
  readonly marked: string;
  /** Whether the time of each line is shown. */
  readonly times: boolean;
}

/** @param row null while it is not known: then only its number is shown. */
export function drawRow(element: HTMLElement, number: number, row: Row | null, look: RowLook): void {
  element.dataset['n'] = `${number}`;
  element.className = `log-line ${row === null ? 'unknown' : (row.line.stream ?? 'missing')}`;
  element.replaceChildren(numberLink(number, look), ...(row === null ? [] : rowContent(row, look)));
}

function numberLink(number: number, { hrefOf }: RowLook): HTMLElement {
  const link = document.createElement('a');
  link.className = 'log-number';
  link.href = hrefOf(number);
  // A million stops for the tab key are none: with the keyboard one says the number instead.
  link.tabIndex = -1;
  link.textContent = `${number}`;
  return link;
}

/** As few elements as can be: hundreds of rows are drawn in a frame. */
function rowContent({ line, spans }: Row, { marked, times }: RowLook): Node[] {
  const text = newElement('log-text');
  text.append(...markedSpans(spans, marked).map(spanNode));
  return [
    ...(line.stream === 'stderr' ? [labelled('log-stream', 'err')] : []),
    ...(times && line.time !== null ? [timeNode(Date.parse(line.time))] : []),
    text,
  ];
}

function timeNode(at: number): HTMLElement {
  const time = labelled('log-time', clockTime(at, shownZone()));
  time.title = fullTime(at, shownZone());
  return time;
}

function labelled(className: string, text: string): HTMLElement {
  const element = newElement(className);
  element.textContent = text;
  return element;
}

interface MarkedSpan extends Span {
  readonly isMatch: boolean;
}

/** Cuts spans where a match begins and ends, which may be in different ones. */
function markedSpans(spans: readonly Span[], marked: string): readonly MarkedSpan[] {
  const whole = marked === '' ? '' : spans.map(({ text }) => text).join('');
  const cuts = matchCuts(whole.toLowerCase(), marked.toLowerCase());
  if (cuts.length === 0) return spans.map((span) => ({ ...span, isMatch: false }));
  const parts: MarkedSpan[] = [];
  let [at, isMatch] = [0, false];
  for (const { text, style } of spans) {
    const end = at + text.length;
    for (let from = at; from < end;) {
      const [cut = end] = cuts;
      const to = Math.min(cut, end);
      if (to > from) parts.push({ text: text.slice(from - at, to - at), style, isMatch });
      if (cut <= end && cuts.length > 0) [isMatch] = [!isMatch, cuts.shift()];
      from = to;
    }
    at = end;
  }
  return parts;
}

/** Where matches begin and end, by turns. */
function matchCuts(text: string, marked: string): number[] {
  const cuts: number[] = [];
  if (marked === '') return cuts;
  for (let at = text.indexOf(marked); at >= 0; at = text.indexOf(marked, at + marked.length)) {
    cuts.push(at, at + marked.length);
  }
  return cuts;
}

const SWITCHES = ['bold', 'faint', 'italic', 'underline', 'strike', 'inverse'] as const;

function spanNode({ text, style, isMatch }: MarkedSpan): Node {
  const node = isMatch ? newElement('', 'mark') : null;
  if (node !== null) node.textContent = text;
  const inner = node ?? document.createTextNode(text);
  const classes = classesOf(style);
  if (classes === '' && typeof style.foreground !== 'string' && typeof style.background !== 'string') return inner;
  const span = newElement(classes);
  // Set one by one: a style attribute would be forbidden by the page's policy, and rightly.
  if (typeof style.foreground === 'string') span.style.color = style.foreground;
  if (typeof style.background === 'string') span.style.backgroundColor = style.background;
  span.append(inner);
  return span;
}

function classesOf(style: Style): string {
  const classes: string[] = SWITCHES.filter((name) => style[name]);
  const { foreground, background } = style;
  if (typeof foreground === 'number') classes.push(`fg-${foreground}`);
  if (typeof background === 'number') classes.push(`bg-${background}`);
  return classes.join(' ');
}

function newElement(className: string, tag: 'span' | 'mark' = 'span'): HTMLElement {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  return element;
}
