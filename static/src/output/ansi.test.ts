import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnsiReader, PLAIN, type Token } from './ansi.ts';

const read = (...pieces: readonly string[]): Token[] => {
  const reader = new AnsiReader();
  return pieces.flatMap((piece) => reader.read(piece));
};
const textOf = (tokens: readonly Token[]): string =>
  tokens.map((one) => (one.kind === 'text' ? one.text : '')).join('');

test('styles last until they are changed', () => {
  expect(read('\u001b[1;31mbad\u001b[22m still red\u001b[0m plain')).toEqual([
    { kind: 'text', text: 'bad', style: { ...PLAIN, bold: true, foreground: 1 } },
    { kind: 'text', text: ' still red', style: { ...PLAIN, foreground: 1 } },
    { kind: 'text', text: ' plain', style: PLAIN },
  ]);
});

test.each([
  ['\u001b[38;5;208mx', 'rgb(255 135 0)'],
  ['\u001b[38;5;9mx', 9],
  ['\u001b[38;5;255mx', 'rgb(238 238 238)'],
  ['\u001b[38;2;1;2;3mx', 'rgb(1 2 3)'],
  ['\u001b[38;5;300mx', null],
  ['\u001b[38;2;1;2mx', null],
  ['\u001b[38;2;1;2;999mx', null],
  ['\u001b[94mx', 12],
])('%j has the colour %s', (text, foreground) => {
  expect(read(text)).toMatchObject([{ kind: 'text', text: 'x', style: { foreground } }]);
});

test('what would move, clear, link or rename is dropped; other control characters are made visible', () => {
  const text =
    '\u001b[2J\u001b[10;5H\u001b]0;title\u0007\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u001b\\\u0007\u0001\u007f\u0085';
  expect(textOf(read(text))).toBe('link\u2401\u2421\ufffd');
});

test('where a piece ends makes no difference, whatever is written', () => {
  const written = fc.array(
    fc.oneof(
      fc.string(),
      fc.constantFrom('\u001b', ' ', '0', '\u001b[', '\u001b[1;3', '1m', '\u001b]8;;x', '\u0007', '\n', '\r', '\b'),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(written, fc.nat(), (parts, cut) => {
      const text = parts.join('');
      const at = text.length === 0 ? 0 : cut % text.length;
      expect(letters(read(text.slice(0, at), text.slice(at)))).toEqual(letters(read(text)));
    }),
  );
});

/** Each character with its style: how it is parted into tokens does not matter. */
function letters(tokens: readonly Token[]): unknown[] {
  return tokens.flatMap((one) =>
    one.kind === 'text' ? one.text.split('').map((letter) => [letter, one.style]) : [one.kind],
  );
}
