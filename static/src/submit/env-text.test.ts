import fc from 'fast-check';
import { expect, test } from 'vitest';
import { envText, readEnv } from './env-text.ts';

test.each([
  ['one line', 'one line'],
  [String.raw`C:\new\temp`, String.raw`C:\new\temp`],
  ['A=1\nB=2', String.raw`$'A=1\nB=2'`],
  ["it's\r\nC:\\new", String.raw`$'it\'s\r\nC:\\new'`],
  ["$'x'", String.raw`$'$\'x\''`],
  ["$'a' 'b'", "$'a' 'b'"],
])('%j is typed as %s', (value, text) => {
  expect(envText({ A: value })).toBe(`A=${text}`);
  expect(readEnv(`A=${text}`)).toEqual({ A: value });
});

test('between the quotes, what means nothing stays as it is', () => {
  expect(readEnv(String.raw`A=$'\t\d\constructor'`)).toEqual({ A: '\t\\d\\constructor' });
});

test('every value comes back as it was', () => {
  const value = fc.string({ unit: fc.constantFrom('$', "'", '\\', '\n', '\r', 'n', '=', ' ', 'ü', '\u{2028}') });
  fc.assert(
    fc.property(value, value, (one, two) => {
      expect(readEnv(envText({ A: one, B: two }))).toEqual({ A: one, B: two });
    }),
  );
});
