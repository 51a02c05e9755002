import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shellQuote } from './shell-quote.ts';
import { long } from '../test/support/long.ts';

/** The words that a real shell makes of a line: printed with a NUL after each, and once more for an empty list. */
function wordsOf(line: string): string[] {
  const printed = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return printed.split('\0').slice(0, -1);
}

describe('shellQuote', () => {
  test.each([
    [['./backup.sh', '--arg', 'two words'], "./backup.sh --arg 'two words'"],
    [["it's"], "'it'\\''s'"],
    [[''], "''"],
    [['a=b', '*', '$HOME', '~'], "'a=b' '*' '$HOME' '~'"],
    [['if', 'done'], "'if' 'done'"],
  ])('%j', (words, line) => expect(shellQuote(words)).toBe(line));

  test('a real shell gets the same words back', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...Array.from('\'"\\$`!*?[]{}()<>|&;#~= \t\n-a')) }),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (generated) => {
        const words = generated.map((text) => text.replaceAll('\0', '').toWellFormed());
        expect(wordsOf(shellQuote(words))).toEqual(words);
      }),
      { numRuns: long ? 2_000 : 100 },
    );
  });

  test('a NUL fits no command line', () => {
    expect(() => shellQuote(['a\0b'])).toThrow(RangeError);
  });
});
