import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDataFolder } from './data-folder.ts';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/folder.ts';

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

test('every level that is missing is made, for its owner only, and one that is there will do', () => {
  const path = join(folder.path, 'a/b/c');
  makeDataFolder(path);
  makeDataFolder(path);
  for (const level of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder.path, level)).mode & 0o777).toBe(0o700);
});

test.each(['', '/data', '/deep/data'])('a file, with %j behind it, is told as one', (rest) => {
  const file = join(folder.path, 'file');
  writeFileSync(file, '');
  expect(() => makeDataFolder(file + rest)).toThrow(
    expect.objectContaining({ code: 'data_unwritable', message: expect.stringContaining(file + rest) as string }),
  );
  if (rest === '') expect(() => makeDataFolder(file)).toThrow(`${file} is a file, not a folder.`);
});

test('a link that leads nowhere is refused', () => {
  const link = join(folder.path, 'link');
  symlinkSync(join(folder.path, 'nowhere'), link);
  expect(() => makeDataFolder(link)).toThrow(expect.objectContaining({ code: 'data_unwritable' }));
});

test.runIf(existsSync('/proc/self'))('where the system lets nobody make anything, it is refused at once', () => {
  for (const path of ['/proc/nope', '/proc/nope/deeper']) {
    expect(() => makeDataFolder(path)).toThrow(
      expect.objectContaining({
        code: 'data_unwritable',
        message: expect.stringContaining(`${path} cannot be made: `) as string,
      }),
    );
  }
});
