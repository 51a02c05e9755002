/**
 * Terminal output as text with styles. Colours and the like are kept; every other escape sequence is dropped, and other
 * control characters are made visible, also those that turn the direction of text around, so that output can neither
 * move, hide nor fake anything on the page.
 */
import { paletteColour } from './palette.ts';

/** A colour of the terminal's sixteen, which follow the page's theme, or one of its own as `rgb(…)`. */
export type Colour = number | string;

export interface Style {
  readonly foreground: Colour | null;
  readonly background: Colour | null;
  readonly bold: boolean;
  readonly faint: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const PLAIN: Style = {
  foreground: null,
  background: null,
  bold: false,
  faint: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

export interface Span {
  readonly text: string;
  readonly style: Style;
}

const SPECIAL =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /\x1b\[([0-?]*)[ -/]*([@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\0-\x08\n-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A line as a terminal would leave it: a carriage return starts it again, as progress bars want it, but not before
 * something comes; a backspace takes a character back.
 *
 * @param start how the text before it left off.
 * @returns it, and how it leaves off.
 */
export function styleLine(text: string, start: Style): { readonly spans: readonly Span[]; readonly end: Style } {
  const line = new Terminal(start);
  let from = 0;
  for (const match of text.matchAll(SPECIAL)) {
    line.write(text.slice(from, match.index));
    from = match.index + match[0].length;
    line.obey(match);
  }
  line.write(text.slice(from));
  return { spans: line.spans, end: line.style };
}

class Terminal {
  style: Style;
  spans: Span[] = [];
  #returned = false;

  constructor(style: Style) {
    this.style = style;
  }

  write(text: string): void {
    if (text === '') return;
    if (this.#returned) this.spans = [];
    this.#returned = false;
    const last = this.spans.at(-1);
    if (last?.style === this.style) this.spans.splice(-1, 1, { text: last.text + text, style: last.style });
    else this.spans.push({ text, style: this.style });
  }

  obey([all, parameters, final]: RegExpExecArray): void {
    if (all === '\r') this.#returned = true;
    else if (all === '\b') this.#takeBack();
    else if (final === 'm') this.style = styled(this.style, parameters ?? '');
    else if (all.length === 1 && all !== '\x07') this.write(visible(all));
  }

  #takeBack(): void {
    const last = this.spans.pop();
    if (last !== undefined && last.text.length > 1) this.spans.push({ ...last, text: last.text.slice(0, -1) });
  }
}

/** Unicode has a picture of each control character; those after U+007F share one; those that turn text around are named. */
function visible(control: string): string {
  const code = control.charCodeAt(0);
  if (code > 0x9f) return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
}

const SWITCHES: Readonly<Record<number, Partial<Style>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { faint: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  22: { bold: false, faint: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { foreground: null },
  49: { background: null },
};

function styled(style: Style, parameters: string): Style {
  const codes = parameters.split(/[;:]/).map(Number);
  const next = { ...style };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    const extended = code === 38 || code === 48 ? extendedColour(codes, at + 1) : null;
    if (extended !== null) at += extended.used;
    Object.assign(next, extended === null ? change(code) : coloured(code === 38, extended.colour));
  }
  return next;
}

function change(code: number): Partial<Style> {
  if (code >= 30 && code <= 37) return { foreground: code - 30 };
  if (code >= 90 && code <= 97) return { foreground: code - 82 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 100 && code <= 107) return { background: code - 92 };
  return SWITCHES[code] ?? {};
}

function coloured(foreground: boolean, colour: Colour | null): Partial<Style> {
  if (colour === null) return {};
  return foreground ? { foreground: colour } : { background: colour };
}

/** `5;n` is one of 256, `2;r;g;b` is one of all. */
function extendedColour(
  codes: readonly number[],
  at: number,
): { readonly colour: Colour | null; readonly used: number } {
  const [kind, ...values] = codes.slice(at, at + 4);
  if (kind === 5) return { colour: paletteColour(values[0] ?? -1), used: 2 };
  if (kind !== 2 || values.length < 3 || !values.every(isByte)) return { colour: null, used: kind === 2 ? 4 : 1 };
  return { colour: `rgb(${values.join(' ')})`, used: 4 };
}

const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
