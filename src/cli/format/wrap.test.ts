import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wrap } from './wrap.ts';

const length = (text: string): number => text.length;

describe('wrap', () => {
  test.each([
    ['what fits', 9, ['what fits']],
    ['what does not', 9, ['what does', 'not']],
    ['what does not', 8, ['what', 'does not']],
    ['run abcdefghijk', 6, ['run', 'abcdef', 'ghijk']],
    ['a  b', 2, ['a', 'b']],
    ['ends here ', 9, ['ends here']],
    ['', 5, ['']],
  ])('%j in %d columns', (text, width, lines) => expect(wrap(text, width, length)).toEqual(lines));

  test('wide characters count for what they take', () => {
    expect(wrap('日本日本', 5, (text) => 2 * length(text))).toEqual(['日本', '日本']);
  });

  test('no line is too wide, and nothing but blanks is lost', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '-', ' '), maxLength: 80 });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (whole, width) => {
        const lines = wrap(whole, width, length);
        expect(lines.every((line) => line.length <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''));
      }),
    );
  });
});
