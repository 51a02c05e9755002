import { expect, test } from 'vitest';
import { draftBody, draftErrors, EMPTY_DRAFT } from './draft.ts';

test('empty fields are left to their defaults', () => {
  expect(draftBody({ ...EMPTY_DRAFT, command: 'true' })).toEqual({ command: 'true', type: 'once' });
});

test('what was typed for the other kind is not sent', () => {
  const draft = { ...EMPTY_DRAFT, command: 'true', schedule: '@daily', timezone: 'UTC', runAt: '2030-01-01T00:00' };
  expect(draftBody(draft)).toEqual({
    command: 'true',
    type: 'once',
    run_at: new Date('2030-01-01T00:00').toISOString(),
  });
  expect(draftBody({ ...draft, type: 'cron' })).toEqual({
    command: 'true',
    type: 'cron',
    schedule: '@daily',
    timezone: 'UTC',
    overlap: 'skip',
  });
});

test('what is no number is sent as it is typed, for the server to judge', () => {
  expect(draftBody({ ...EMPTY_DRAFT, timeout: '1.5', retries: 'many' })).toMatchObject({
    timeout_seconds: 1.5,
    retries: 'many',
  });
});

test('environment lines are split at their first sign, and one without is a fault', () => {
  expect(draftBody({ ...EMPTY_DRAFT, env: 'A=1=2\n\nB=' }).env).toEqual({ A: '1=2', B: '' });
  expect(draftErrors({ ...EMPTY_DRAFT, command: 'true', env: 'A=1\n=2' })).toMatchObject([{ field: 'env' }]);
});
