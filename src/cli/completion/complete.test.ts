import { expect, test } from 'vitest';
import { buildProgram } from '../program.ts';
import { complete } from './complete.ts';

const completed = (line: string): Promise<readonly string[]> => complete(['--', ...line.split(' ')], buildProgram);

test.each([
  ['li', ['list']],
  ['can', ['cancel']],
  ['import cr', ['crontab']],
  ['submit --ti', ['--timeout']],
  ['submit --overlap re', ['replace']],
  ['import crontab --sys', ['--system']],
  ['completion z', ['zsh']],
  ['--utc li', ['list']],
  ['submit -- ls --f', []],
  ['validate jobs', []],
  ['nonsense x', []],
])('%s', async (line, words) => expect(await completed(line)).toEqual(words));

test('nothing yet: all commands', async () => {
  expect(await completed('')).toEqual(expect.arrayContaining(['submit', 'list', 'help']));
});
