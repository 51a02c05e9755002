import { expect, test } from 'vitest';
import { isNewer } from './is-newer.ts';

const base = { id: 'a', version: 3 };

test.each([
  [{ id: 'a', version: 4 }, true],
  [base, false],
  [{ id: 'a', version: 2 }, false],
  [{ id: 'b', version: 1 }, true],
])('%j is newer: %s', (job, newer) => {
  expect(isNewer(job, base)).toBe(newer);
});
