import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeJson, escapeLine, escapeText } from './escape.ts';

describe('escapeLine', () => {
  test.each([
    ['a\u001b]0;x\u0007b', 'a\\e]0;x\\x07b'],
    ['two\nlines\tand a tab', 'two\\nlines\\tand a tab'],
    ['\r\u0000', '\\r\\x00'],
    ['rm \u202e', 'rm \\u202e'],
    ['\u009b31m \u061c', '\\x9b31m \\u061c'],
    ['grüße 👋 日本', 'grüße 👋 日本'],
  ])('%j is shown as %s', (text, shown) => expect(escapeLine(text)).toBe(shown));

  test('nothing that a terminal obeys is left, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeLine(text)).not.toMatch(/\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

test('in output, tabs and line ends stay', () => {
  expect(escapeText('a\tb\r\nc\n\u001b[31m50%\rred')).toBe('a\tb\nc\n\\e[31m50%\\rred');
});

test('JSON stays the same to a program, and is harmless to look at', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = escapeJson(JSON.stringify({ text }, null, 2));
      expect(JSON.parse(shown)).toEqual({ text });
      expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(escapeJson(JSON.stringify('\u007f\u009b\u202e'))).toBe('"\\u007f\\u009b\\u202e"');
});
