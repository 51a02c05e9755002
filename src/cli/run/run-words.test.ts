import { expect, test } from 'vitest';
import type { RunView } from '../../client/client.ts';
import { reasonWords, whyWords } from './run-words.ts';

test.each([
  ['drained', 'lost (ended because jobsched was stopped)'],
  ['its worker has died', 'lost (its worker has died)'],
  [null, 'lost (its worker is gone)'],
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
  const run = {
    waiting_for: null,
    status: 'running',
    attempt: 2,
    contact_lost: true,
    contact_lost_at: null,
  } as RunView;
  const at = '2030-01-01T00:00:00.000Z';
  expect(whyWords({ ...run, worker: 'w1', contact_lost_at: at }, Date.parse(at) + 40_000)).toBe(
    'no word from w1, noticed 40s ago',
  );
  expect(whyWords({ ...run, worker: null }, 0)).toBe('no word from its worker');
});

test('when a run that waits for a time comes is told as other times are', () => {
  const at = '2030-01-01T00:00:09.000Z';
  const run = { waiting_for: `its retry, ${at}`, ready_at: at, contact_lost: false } as RunView;
  expect(whyWords(run, Date.parse(at) - 9_000)).toBe('waits: its retry, in 9s');
});
