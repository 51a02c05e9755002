import { expect, test } from 'vitest';
import type { RunView } from '../client/client.ts';
import { reasonWords, whyWords } from './run-words.ts';

test.each([
  ['drained', 'lost: ended because jobsched was stopped'],
  ['its worker has died', 'lost: its worker has died'],
  [null, 'lost: its worker is gone'],
])('a loss with the detail %j is said once', (detail, words) => {
  expect(reasonWords({ reason: 'lost', detail, exit_code: null, signal: null, skipped: null })).toBe(words);
});

test('a reason that only a newer server knows is told as it is', () => {
  const reason = 'eclipse' as unknown as RunView['reason'];
  expect(reasonWords({ reason, detail: 'total', exit_code: null, signal: null, skipped: null })).toBe(
    'eclipse (total)',
  );
});

test('what runs on a worker that is out of contact may be lost', () => {
  const run = { waiting_for: null, status: 'running', attempt: 2, contact_lost: true } as RunView;
  expect(whyWords({ ...run, worker: 'w1' })).toBe('w1 is out of contact');
  expect(whyWords({ ...run, worker: null })).toBe('its worker is out of contact');
});
