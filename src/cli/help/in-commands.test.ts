import { expect, test } from 'vitest';
import { inCommands, inDaemons } from './in-commands.ts';

test.each([
  ['GET /api/workers lists them.', 'npx jobsched --utc workers lists them.'],
  ['No such day. Ask for a preview of the schedule to see its next times.', /No such day\. npx jobsched --utc next '/],
  ['`jobsched key list` shows them.', '`npx jobsched --utc key list` shows them.'],
  ['Make one: jobsched key create me', 'Make one: npx jobsched --utc key create me'],
  ['See: jobsched list --help', 'See: npx jobsched --utc list --help'],
  ['Make one: npx jobsched key create me', 'Make one: npx jobsched key create me'],
  ['jobsched goes on by itself.', 'jobsched goes on by itself.'],
])('%s', (said, told) => {
  expect(inCommands(said, 'npx jobsched --utc')).toMatch(told);
});

test('what starts a daemon', () => {
  expect(inDaemons('Start one: jobsched worker --queue gpu', 'npx jobsched')).toBe(
    'Start one: npx jobsched worker --queue gpu',
  );
});
