import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['nigthly', 'nightly'],
  ['backp', 'backup'],
  ['Backup', 'backup'],
  ['bacukp', 'backup'],
  ['reports', null],
  ['x', null],
  ['', null],
])('%j is nearest to %j', (text, name) => {
  expect(nearest(text, ['nightly', 'backup', 'etl'])).toBe(name);
});
