import { expect, test } from 'vitest';
import { inFlags } from './in-flags.ts';
import { JobschedError } from '../../errors.ts';

test.each([
  ['timeout', 'timeout_seconds', 'timeout_seconds must be at least 0.001', '--timeout must be at least 0.001'],
  ['tz', 'timezone', 'timezone is only for cron jobs', '--tz is only for cron jobs'],
  ['status', 'status[0]', 'status[0] must be a or b', '--status must be a or b'],
  ['status', 'filter.status[0]', 'filter.status[0] must be a or b', '--status must be a or b'],
  ['host', 'queue', 'queue must not be empty', '--host must not be empty'],
  ['env', 'env.A-B', 'env.A-B must be a name', '--env A-B must be a name'],
  ['endsAt', 'jobs[0].ends_at', 'ends_at must be after starts_at', '--ends-at must be after --starts-at'],
  // Written in a file or an editor, not typed.
  ['file', 'timeout_seconds', 'timeout_seconds must be at least 0.001', 'timeout_seconds must be at least 0.001'],
])('--%s for %s: %s', (flag, field, said, told) => {
  expect(inFlags(new JobschedError('invalid_request', said, { field }), new Set([flag])).message).toBe(told);
});

test('the hint, too', () => {
  const error = new JobschedError('invalid_request', 'misfire is all, but overlap is skip', {
    field: 'misfire',
    hint: 'Set overlap to queue, or use starts_at.',
  });
  expect(inFlags(error, new Set(['misfire']))).toMatchObject({
    message: '--misfire is all, but overlap is skip',
    hint: 'Set --overlap to queue, or use --starts-at.',
  });
});
