import { expect, test } from 'vitest';
import { COMMON_DEFAULTS, CRON_DEFAULTS } from '../../../src/domain/job.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import { patchOf, yamlOf } from '../definition/yaml-text.ts';
import { draftBody, draftErrors, draftOf, draftPatch, EMPTY_DRAFT } from './draft.ts';

const TRUE = { ...EMPTY_DRAFT, command: 'true' };

test('empty fields are left to their defaults', () => {
  expect(draftBody(TRUE)).toEqual({ command: 'true', type: 'once' });
});

test('what was typed for the other kind is not sent', () => {
  const draft = { ...TRUE, schedule: '@daily', timezone: 'UTC', run_at: '2030-01-01T00:00' };
  const at = new Date('2030-01-01T00:00').toISOString();
  expect(draftBody(draft)).toEqual({ command: 'true', type: 'once', run_at: at });
  const cron = { command: 'true', type: 'cron', schedule: '@daily', timezone: 'UTC' };
  expect(draftBody({ ...draft, type: 'cron' })).toEqual(cron);
});

test('what is no number is sent as it is typed, for the server to judge', () => {
  expect(draftBody({ ...TRUE, timeout_seconds: '1.5', retries: 'many', retry_on_exit_codes: '75, 3 x' })).toMatchObject(
    {
      timeout_seconds: 1.5,
      retries: 'many',
      retry_on_exit_codes: [75, 3, 'x'],
    },
  );
});

test('environment lines are split at their first sign, and one without is a fault', () => {
  expect(draftBody({ ...EMPTY_DRAFT, env: 'A=1=2\n\nB=' }).env).toEqual({ A: '1=2', B: '' });
  expect(draftErrors({ ...TRUE, env: 'A=1\n=2' })).toMatchObject([{ field: 'env' }]);
});

test('a variable of several lines comes back as it was, from the form and as YAML', () => {
  const env = { CONF: 'A=1\nB=2', HOME: String.raw`C:\new` };
  const job = { type: 'once', command: 'true', name: null, env } as unknown as JobView;
  expect(draftBody(draftOf(job)).env).toEqual(env);
  expect(patchOf(yamlOf(job)).env).toEqual(env);
});

test('tags are between commas', () => {
  expect(draftBody({ ...TRUE, tags: 'infra, night shift,' }).tags).toEqual(['infra', 'night shift']);
});

test('an edit sends what changed, and null for what was emptied', () => {
  const before = { ...TRUE, retries: '3', queue: 'gpu' };
  expect(draftPatch(before, { ...before, command: 'false', retries: '' })).toEqual({ command: 'false', retries: null });
});

test('a job of defaults leaves all fields empty but its command', () => {
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const fields = Object.entries({ ...COMMON_DEFAULTS, ...CRON_DEFAULTS }).map(([name, value]) => [snake(name), value]);
  const job = { ...Object.fromEntries(fields), type: 'once', command: 'true', schedule: '' } as JobView;
  expect(draftOf(job)).toEqual(TRUE);
});
