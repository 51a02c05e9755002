import { expect, test } from 'vitest';
import { UsageError } from '../help/failure.ts';
import { commandLine, submitBody, type JobFlags } from './submit-body.ts';

const surroundings = {
  moment: { now: Date.parse('2026-11-23T13:35:06Z'), zone: 'Europe/Berlin' },
  cwd: '/home/ann',
  readStdin: async () => 'from a pipe',
};
const body = (words: readonly string[], flags: JobFlags = {}): ReturnType<typeof submitBody> =>
  submitBody(words, flags, surroundings);

test('one word is a shell command as it stands, several are quoted', () => {
  expect(commandLine(['echo hi | wc -c'])).toBe('echo hi | wc -c');
  expect(commandLine(['./backup.sh', '--arg', 'two words'])).toBe("./backup.sh --arg 'two words'");
});

test('a line of a crontab is no command', async () => {
  const hint = "Say when it runs with a flag: --cron '*/5 * * * *' 'date -u'";
  await expect(body(['*/5  * * * * date -u'])).rejects.toMatchObject({ hint });
  await expect(body(['*/5', '*', '*', '*', '*', 'date', '-u'])).rejects.toMatchObject({ hint });
  await expect(body(['0 */2 1-5 1,7 * * date'])).rejects.toThrow('begins like a line of a crontab');
  for (const command of ['7z a b c d e f', '* is no command', 'echo 1 2 3 4 5 6']) {
    expect(await body([command])).toEqual({ command });
  }
});

test('what was not given is left to the server', async () => {
  expect(await body(['date'])).toEqual({ command: 'date' });
});

test('every flag has its field', async () => {
  const flags: JobFlags = {
    cron: '0 2 * * *',
    name: 'nightly',
    description: 'backs up',
    tag: ['a', 'b'],
    tz: 'Europe/Berlin',
    queue: 'gpu',
    priority: -5,
    overlap: 'queue',
    misfire: 'all',
    timeout: 90,
    retries: 2,
    retryDelay: 5,
    env: { A: '1=2' },
    cwd: 'work',
    shell: '/bin/bash',
    stdin: '-',
  };
  expect(await body(['date'], flags)).toEqual({
    command: 'date',
    schedule: '0 2 * * *',
    name: 'nightly',
    description: 'backs up',
    tags: ['a', 'b'],
    timezone: 'Europe/Berlin',
    queue: 'gpu',
    priority: -5,
    overlap: 'queue',
    misfire: 'all',
    timeout_seconds: 90,
    retries: 2,
    retry_delay_seconds: 5,
    env: { A: '1=2' },
    cwd: '/home/ann/work',
    shell: '/bin/bash',
    stdin: 'from a pipe',
  });
});

test('--at is a time in --tz, or in the zone of who types', async () => {
  expect(await body(['date'], { at: '2026-11-24 02:00' })).toEqual({
    command: 'date',
    run_at: '2026-11-24T01:00:00.000Z',
  });
  expect(await body(['date'], { at: '2026-11-24 02:00', tz: 'UTC' })).toEqual({
    command: 'date',
    run_at: '2026-11-24T02:00:00.000Z',
  });
});

test('flags that contradict each other are refused', async () => {
  await expect(body(['date'], { at: '+1s', cron: '@hourly' })).rejects.toThrow(UsageError);
  await expect(body(['date'], { at: 'soon' })).rejects.toThrow('--at soon is no point in time');
  await expect(body(['date'], { at: '+1s', tz: 'Mars/Base' })).resolves.toBeDefined();
});
