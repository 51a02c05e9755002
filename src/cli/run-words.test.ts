import { expect, test } from 'vitest';
import { reasonWords } from './run-words.ts';

test.each([
  ['drained', 'ended because jobsched was stopped'],
  ['its worker has died', 'its worker has died'],
  [null, 'its worker was lost'],
])('a loss with the detail %j is said once', (detail, words) => {
  expect(reasonWords({ reason: 'lost', detail, exit_code: null, signal: null, skipped: null })).toBe(words);
});
