import { CommanderError } from 'commander';
import { describe, expect, test, vi } from 'vitest';
import { exitCodeFor } from '../exit-code.ts';
import { Detached, NotStarted, toFailure, UsageError } from './failure.ts';
import { ERRORS, GOES_ON, JobschedError, type ErrorCode } from '../../errors.ts';

describe('toFailure', () => {
  test('a person’s mistake: the sentence and the hint, no stack', () => {
    const error = new JobschedError('not_found', 'there is no job nightly', { hint: 'see: jobsched list\nor page' });
    expect(toFailure(error)).toEqual({
      text: 'error: there is no job nightly\n  see: jobsched list\n  or page\n',
      exitCode: 3,
    });
  });

  test('a name that is taken: the flag to change', () => {
    const error = new JobschedError('name_taken', 'there is a job nightly', { hint: 'edit that job with PATCH' });
    expect(toFailure(error).text).toBe('error: there is a job nightly\n  Choose another --name.\n');
  });

  test.each([
    [true, 'Start this again once it is well, or add --wait.'],
    [false, 'Then start this again.'],
  ])('a daemon that could not start has ended, and goes on by itself no more (--wait: %s)', (canWait, told) => {
    const error = new JobschedError('engine_read_only', 'it takes no writes', { hint: `Start replicas. ${GOES_ON}` });
    const { text } = toFailure(new NotStarted(error, canWait));
    expect(text).toBe(`error: it takes no writes\n  Start replicas. ${told}\n`);
  });

  test('what a server says is made harmless', () => {
    expect(toFailure(new JobschedError('server_error', 'no\u001b[2J')).text).toBe('error: no\\e[2J\n');
  });

  test('a bug: the wish to hear of it, and its stack only for who asks', () => {
    const bug = new TypeError('x is not a function');
    const { text, exitCode } = toFailure(bug);
    expect(text).toMatch(
      /^error: this is a bug in jobsched \S+: TypeError: x is not a function\n {2}Please report it.*\n$/,
    );
    expect(exitCode).toBe(1);
    expect(toFailure(bug, true).text).toMatch(/^error: this is a bug .*\n {2}Please.*\nTypeError: x is .*\n +at /);
  });

  test('a daemon tells the stack of a bug, and of no person’s mistake', () => {
    expect(toFailure(new Error('oh'), false, true).text).toContain('\n    at ');
    const mistake = new JobschedError('invalid_config', '--port (flag) must be at most 65535');
    expect(toFailure(mistake, false, true).text).not.toContain('    at ');
  });

  test('--debug also says where a person’s mistake was found, and what caused it', () => {
    const error = new JobschedError('timed_out', 'too late', { cause: new Error('the clock') });
    expect(toFailure(error, true).text).toMatch(
      /^error: too late\nJobschedError: too late\n {4}at [^]*Error: the clock\n/,
    );
  });

  test('a bug that quotes others is harmless, too', () => {
    const { text } = toFailure(new TypeError('no\u001b[2J\u009b31m'), true);
    expect(text).toContain('TypeError: no\\e[2J\\x9b31m\n');
    expect(text).not.toContain('\u001b');
  });

  test('a folder that is gone keeps no mistake from being told', () => {
    const cwd = vi.spyOn(process, 'cwd').mockImplementation(() => {
      throw new Error('ENOENT: uv_cwd');
    });
    expect(toFailure(new UsageError('no', 'See: jobsched list --help')).text).toMatch(/^error: no\n {2}See: jobsched /);
    cwd.mockRestore();
  });

  test('usage, Ctrl-C, help', () => {
    expect(toFailure(new UsageError('no', 'yes'))).toEqual({ text: 'error: no\n  yes\n', exitCode: 2 });
    expect(toFailure(new Detached('detached'))).toEqual({ text: '\ndetached\n', exitCode: 130 });
    expect(toFailure(new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)'))).toEqual({
      text: '',
      exitCode: 0,
    });
  });

  test('a page that is not built is no bug', () => {
    const error = Object.assign(new Error('not found'), { url: 'file:///x/dist/page.json' });
    const { text, exitCode } = toFailure(error);
    expect(text).toMatch(/^error: the page is not built\n {2}npm start /);
    expect(exitCode).toBe(1);
  });
});

test('every error code has an exit code that help explains', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    expect([1, 2, 3, 4, 5, 6, 7]).toContain(exitCodeFor(code));
  }
});
