import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText } from './escape.ts';
import { createTerminalText } from './terminal-text.ts';

/** What is shown of bytes that come in these pieces. */
function shown(...pieces: readonly (string | readonly number[])[]): string {
  const text = createTerminalText();
  return pieces.map((piece) => text.add(Buffer.from(piece as string))).join('') + text.flush();
}

test('what is shown is the same wherever the bytes are cut', () => {
  const unit = fc.constantFrom('a', '\r', '\n', '\r\n', 'ü', '日', '👋', '\u001b', '\u202e');
  fc.assert(
    fc.property(fc.string({ unit }), fc.array(fc.nat(40)), (text, places) => {
      const bytes = [...Buffer.from(text)];
      const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
      const pieces = cuts.map((from, index) => bytes.slice(from, cuts[index + 1] ?? bytes.length));
      expect(shown(...pieces)).toBe(escapeText(text));
    }),
  );
});

test('a line end of two characters, cut between them', () => expect(shown('a\r', '\nb')).toBe('a\nb'));

test('nothing that was held back is lost at the end', () => {
  expect(shown('50%\r')).toBe('50%\\r');
  expect(shown([0x61, 0xc3])).toBe('a\ufffd');
});
