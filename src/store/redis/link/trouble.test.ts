import { expect, test } from 'vitest';
import { JobschedError, type ErrorCode } from '../../../errors.ts';
import { isForbidden, troubleOf } from './trouble.ts';

test.each<readonly [reply: string, code: ErrorCode, says: string, passes: boolean, moved: boolean]>([
  ['WRONGPASS invalid username-password pair', 'engine_unavailable', 'refuses the user or password', false, false],
  ['NOAUTH Authentication required.', 'engine_unavailable', 'wants a password', false, false],
  ["NOPERM User bob has no permissions to run 'x'", 'engine_unavailable', 'does not permit', false, false],
  ['DENIED Redis is running in protected mode', 'engine_unavailable', 'protected mode', false, false],
  ['LOADING Redis is loading the dataset in memory', 'engine_unavailable', 'still loading', true, false],
  ['BUSY Redis is busy running a script', 'engine_unavailable', 'busy with a script', true, false],
  ['MASTERDOWN Link with MASTER is down', 'engine_unavailable', 'lost its master', true, true],
  ["READONLY You can't write against a read only replica.", 'engine_read_only', 'is a replica', true, true],
  ['NOREPLICAS Not enough good replicas to write.', 'engine_read_only', 'too few replicas', true, false],
  ['MISCONF Redis is configured to save RDB snapshots', 'engine_read_only', 'could not save', false, false],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'engine_full', 'maxmemory', false, false],
  ['GONE the installation is not here any more', 'engine_unavailable', 'other jobs for a moment', true, false],
  ['MOVED 3999 127.0.0.1:6381', 'engine_unavailable', 'moving our slot', true, true],
  ['ASK 3999 127.0.0.1:6381', 'engine_unavailable', 'moving our slot', true, false],
  ['TRYAGAIN Multiple keys request during rehashing of slot', 'engine_unavailable', 'moving our slot', true, false],
  ['CLUSTERDOWN The cluster is down', 'engine_unavailable', 'cluster that is down', true, true],
  ['ERR max number of clients reached', 'engine_unavailable', 'as many clients as it takes', true, false],
  ['ERR DB index is out of range', 'engine_unavailable', 'no database of that number', false, false],
  ['ERR SELECT is not allowed in cluster mode', 'engine_unavailable', 'only database 0', false, false],
  ['ERR ACL failure in script: x', 'engine_unavailable', 'does not permit', false, false],
])('%s', (message, code, says, passes, moved) => {
  const cause = reply(message);
  const trouble = troubleOf(cause, 'h:1');
  expect(trouble).toMatchObject({ error: { code, cause }, passes, moved });
  expect(trouble?.error.message).toMatch(/^Redis at h:1 .*\.$/);
  expect(trouble?.error.message).toContain(says);
  expect(trouble?.error.hint).not.toBe('');
});

test('is none when a script has a bug', () => {
  expect(troubleOf(reply('ERR user_script:12: attempt to index a nil value'), 'h:1')).toBeNull();
  expect(troubleOf('text', 'h:1')).toBeNull();
});

test.each([
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'nothing listens there (ECONNREFUSED)'],
  [Object.assign(new Error('odd'), { code: 'EODD' }), 'odd (EODD)'],
  [new Error("Stream isn't writeable and enableOfflineQueue options is false"), 'the connection was lost'],
  [new Error('Connection is closed.'), 'the connection was lost'],
  [new Error('self-signed certificate.'), 'self-signed certificate'],
])('takes what is no reply for the link: %s', (error, cause) => {
  expect(troubleOf(error, 'h:1')).toMatchObject({
    error: { code: 'engine_unavailable', message: `Redis at h:1 cannot be reached: ${cause}.` },
    passes: true,
    moved: false,
  });
});

test('leaves alone what has its words already', () => {
  const error = new JobschedError('engine_full', 'full');
  expect(troubleOf(error, 'h:1')).toEqual({ error, passes: false, moved: false });
});

test.each([
  ["NOPERM User bob has no permissions to run the 'info' command", true],
  ["ERR unknown command 'INFO', with args beginning with: 'memory'", true],
  ['OOM command not allowed', false],
])('knows what is forbidden, also in the words of the catalogue: %s', (message, forbidden) => {
  const error = reply(message);
  expect(isForbidden(error)).toBe(forbidden);
  expect(isForbidden(troubleOf(error, 'h:1')?.error ?? error)).toBe(forbidden);
});

/** As ioredis makes them. */
function reply(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}
