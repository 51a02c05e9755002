import { expect, test } from 'vitest';
import { LineReader, MOST_CHARACTERS, type Line, type Piece, type Stream } from './lines.ts';

const START = '2030-01-01T00:00:00.000Z';
const piece = (stream: Stream, text: string): Piece => ({
  kind: 'output',
  attempt: 1,
  offset: 0,
  at: START,
  stream,
  text,
});
const bytes = (base64: string): Piece => ({
  kind: 'output',
  attempt: 1,
  offset: 0,
  at: START,
  stream: 'stdout',
  base64,
});

function read(...pieces: readonly Piece[]): string[] {
  const reader = new LineReader();
  const lines = new Set<Line>();
  for (const one of pieces) for (const line of reader.read(one)) lines.add(line);
  return [...lines].map(
    ({ stream, spans }) => `${stream === 'stderr' ? '! ' : ''}${spans.map(({ text }) => text).join('')}`,
  );
}

test('a line goes on where its stream left it, though the other stream wrote in between', () => {
  expect(read(piece('stdout', 'one'), piece('stderr', 'oops\n'), piece('stdout', ' two\nthree'))).toEqual([
    'one two',
    '! oops',
    'three',
  ]);
});

test('a carriage return starts its line again, but not before something comes; a line may end in both', () => {
  expect(read(piece('stdout', '10 %\r55 %\r'), piece('stdout', '100 %\r\nnext'))).toEqual(['100 %', 'next']);
});

test('a backspace takes a character back', () => {
  expect(read(piece('stdout', 'ab\bc\b\b\b\bd'))).toEqual(['d']);
});

test('a character cut in two is put together, and what is no UTF-8 is shown as such', () => {
  expect(read(bytes(btoa('\u00c3')), bytes(btoa('\u00a4\u00ff')))).toEqual(['ä\ufffd']);
});

test('a long line is cut and says how much is missing', () => {
  const [line] = new LineReader().read(piece('stdout', 'x'.repeat(MOST_CHARACTERS + 5)));
  expect(line).toMatchObject({ shown: MOST_CHARACTERS, cut: 5 });
});

test('empty lines are lines', () => {
  expect(read(piece('stdout', '\n\na\n'))).toEqual(['', '', 'a']);
});
