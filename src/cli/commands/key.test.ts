import { expect, test } from 'vitest';
import { endWords } from './key.ts';

test('when a key ends', () => {
  const now = Date.parse('2026-11-24T02:48:00Z');
  expect(endWords(null, now)).toBe('never');
  expect(endWords('2026-11-24T04:48:00Z', now)).toBe('in 2h');
  expect(endWords('2026-11-24T02:47:49Z', now)).toBe('expired');
});
