import { expect, test } from 'vitest';
import { commandLine, quoted } from './command-line.ts';
import { EMPTY_DRAFT } from './draft.ts';

test.each([
  ['plain', 'plain'],
  ['two words', "'two words'"],
  ["it's", String.raw`'it'\''s'`],
  ['$HOME', "'$HOME'"],
  ['a\nb', "'a\nb'"],
  ['', "''"],
])('%j is one word as %j', (text, word) => {
  expect(quoted(text)).toBe(word);
});

test('each field has its flag, and those without one are named', () => {
  const draft = {
    ...EMPTY_DRAFT,
    type: 'cron' as const,
    command: './backup.sh --all',
    schedule: '0 7 * * 1-5',
    timezone: 'America/New_York',
    name: 'nightly',
    tags: 'infra, backup',
    env: 'LEVEL=9',
    timeout_seconds: '90',
    keep_days: '7',
  };
  expect(commandLine(draft)).toEqual({
    text:
      "jobsched submit --name nightly --cron '0 7 * * 1-5' --tz America/New_York --timeout 90 --tag infra --tag backup " +
      "--env LEVEL=9 -- './backup.sh --all'",
    missing: ['keep_days'],
  });
});
