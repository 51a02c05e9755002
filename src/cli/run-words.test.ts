import { expect, test } from 'vitest';
import { reasonWords } from './run-words.ts';

test.each([
  ['drained', 'lost: ended because jobsched was stopped'],
  ['its worker has died', 'lost: its worker has died'],
  [null, 'lost: its worker is gone'],
])('a loss with the detail %j is said once', (detail, words) => {
  expect(reasonWords({ reason: 'lost', detail, exit_code: null, signal: null, skipped: null })).toBe(words);
});
