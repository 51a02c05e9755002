import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeLine, escapeText } from './escape.ts';

describe('escapeLine', () => {
  test.each([
    ['a\u001b]0;x\u0007b', 'a\\e]0;x\\x07b'],
    ['two\nlines\tand a tab', 'two\\nlines\\tand a tab'],
    ['\r\u0000', '\\r\\x00'],
    ['rm \u202e', 'rm \\u202e'],
    ['grüße 👋 日本', 'grüße 👋 日本'],
  ])('%j is shown as %s', (text, shown) => expect(escapeLine(text)).toBe(shown));

  test('nothing that a terminal obeys is left, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeLine(text)).not.toMatch(/\p{Cc}|[\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

test('in output, tabs and line ends stay', () => {
  expect(escapeText('a\tb\r\nc\n\u001b[31m50%\rred')).toBe('a\tb\nc\n\\e[31m50%\\rred');
});
