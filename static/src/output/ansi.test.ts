import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PLAIN, styleLine, type Span } from './ansi.ts';

const read = (text: string): readonly Span[] => styleLine(text, PLAIN).spans;
const textOf = (line: string): string =>
  read(line)
    .map(({ text }) => text)
    .join('');

test('styles last until they are changed, and on into the next line', () => {
  const { spans, end } = styleLine('\u001b[1;31mbad\u001b[22m still red\u001b[0m plain\u001b[4m', PLAIN);
  expect(spans).toEqual([
    { text: 'bad', style: { ...PLAIN, bold: true, foreground: 1 } },
    { text: ' still red', style: { ...PLAIN, foreground: 1 } },
    { text: ' plain', style: PLAIN },
  ]);
  expect(styleLine('under', end).spans).toEqual([{ text: 'under', style: { ...PLAIN, underline: true } }]);
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
  expect(read(text)).toMatchObject([{ text: 'x', style: { foreground } }]);
});

test.each([
  ['10 %\r55 %\r', '55 %'],
  ['55 %\r100 %', '100 %'],
  ['ab\bc\b\b\b\bd', 'd'],
  ['', ''],
])('%j is left as %j', (text, left) => {
  expect(textOf(text)).toBe(left);
});

test('what would move, clear, link or rename is dropped; other control characters are made visible', () => {
  const text =
    '\u001b[2J\u001b[10;5H\u001b]0;title\u0007\u001b]8;;javascript:alert(1)\u001b\\link\u001b]8;;\u001b\\\u0007\u0000\u007f\u0085';
  expect(textOf(text)).toBe('link\u2400\u2421\ufffd');
  expect(textOf('a\u202egnp.exe\u2069')).toBe('a<U+202E>gnp.exe<U+2069>');
});

test('whatever is written, nothing that controls is left', () => {
  const written = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b', ' ', '0', '\u001b[', '\u001b[1;3', '1m', '\u001b]8;;x', '\u0007', '\r', '\b', '\u202e'),
    ),
    { maxLength: 10 },
  );
  fc.assert(
    fc.property(written, (parts) => {
      expect(textOf(parts.join(''))).not.toMatch(
        // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
        /[\0-\x08\n-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
      );
    }),
  );
});
