/**
 * Pieces of output made into lines. The two streams come interleaved, each with its own styles and its own unfinished
 * line; a line stands where its first piece came. A carriage return starts its line again, as progress bars want it.
 */
import type { OutputLine } from '../../../src/http/schema/output.ts';
import { AnsiReader, type Style, type Token } from './ansi.ts';

export type Stream = 'stdout' | 'stderr';
export type Piece = Extract<OutputLine, { kind: 'output' }>;

/** A longer line is shown cut: no one reads it, and a browser takes long over it. */
export const MOST_CHARACTERS = 4_000;

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** Changes while it is unfinished; `LineReader.read` says when. */
export interface Line {
  readonly kind: 'line';
  readonly stream: Stream;
  readonly at: number;
  spans: Span[];
  /** Characters shown, and those beyond {@link MOST_CHARACTERS}. */
  shown: number;
  cut: number;
}

/** Something about the output rather than of it. */
export interface Mark {
  readonly kind: 'mark';
  readonly text: string;
}

export type Row = Line | Mark;

interface Reading {
  readonly decoder: TextDecoder;
  readonly ansi: AnsiReader;
  line: Line | null;
  /** A carriage return has come, and nothing after it. */
  returned: boolean;
}

export class LineReader {
  readonly #streams: Readonly<Record<Stream, Reading>> = { stdout: newReading(), stderr: newReading() };

  /** @returns the lines that the piece began or changed, in their order. */
  read(piece: Piece): ReadonlySet<Line> {
    const reading = this.#streams[piece.stream];
    const touched = new Set<Line>();
    for (const token of reading.ansi.read(reading.decoder.decode(pieceBytes(piece), { stream: true }))) {
      reading.line ??= { kind: 'line', stream: piece.stream, at: Date.parse(piece.at), spans: [], shown: 0, cut: 0 };
      touched.add(reading.line);
      take(reading, reading.line, token);
    }
    return touched;
  }
}

const encoder = new TextEncoder();

/** The bytes of a piece, which its offset counts. */
export function pieceBytes(piece: Piece): Uint8Array {
  if ('text' in piece) return encoder.encode(piece.text);
  return Uint8Array.from(atob(piece.base64), (character) => character.charCodeAt(0));
}

function newReading(): Reading {
  return { decoder: new TextDecoder(), ansi: new AnsiReader(), line: null, returned: false };
}

function take(reading: Reading, line: Line, token: Token): void {
  if (token.kind === 'newline') [reading.line, reading.returned] = [null, false];
  else if (token.kind === 'return') reading.returned = true;
  else if (token.kind === 'backspace') removeLast(line);
  else if (token.kind === 'text') {
    if (reading.returned) [line.spans, line.shown, line.cut] = [[], 0, 0];
    reading.returned = false;
    append(line, token);
  }
}

function append(line: Line, { text, style }: Span): void {
  const fits = text.slice(0, MOST_CHARACTERS - line.shown);
  line.cut += text.length - fits.length;
  line.shown += fits.length;
  if (fits === '') return;
  const last = line.spans.at(-1);
  if (last?.style === style) line.spans[line.spans.length - 1] = { text: last.text + fits, style };
  else line.spans.push({ text: fits, style });
}

function removeLast(line: Line): void {
  const last = line.spans.pop();
  if (last === undefined) return;
  line.shown--;
  if (last.text.length > 1) line.spans.push({ text: last.text.slice(0, -1), style: last.style });
}
