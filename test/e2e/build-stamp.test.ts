/** When a build is made anew: `scripts/build/stamp.ts`, in a folder that looks like ours. */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';

const STAMP = import.meta.resolve('../../scripts/build/stamp.ts');
const run = promisify(execFile);

let folder: TemporaryFolder;
const put = async (path: string, text = 'a'): Promise<void> => {
  await mkdir(dirname(join(folder.path, path)), { recursive: true });
  await writeFile(join(folder.path, path), text);
};
const ask = async (expression: string): Promise<string> => {
  const code = `import { isFresh, writeStamp } from ${JSON.stringify(STAMP)}; console.log(await ${expression});`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder.path });
  return stdout.trim();
};

beforeEach(async () => {
  folder = await temporaryFolder();
  const paths = ['src/a.ts', 'tsconfig.json', 'dist/jobsched.js', 'dist/types/client/client.d.ts'];
  for (const path of paths) await put(path);
  await ask("writeStamp(['program', 'types'])");
  expect(await ask("isFresh(['program', 'types'])")).toBe('true');
});
afterEach(() => folder.remove());

test.each(['src/a.ts', 'src/new.ts', 'tsconfig.json'])('with another %s', async (path) => {
  await put(path, 'longer');
  expect(await ask("isFresh(['program'])")).toBe('false');
});

test.each([
  ['dist/types', ['true', 'false']],
  ['dist/jobsched.js', ['false', 'false']],
])('without %s', async (path, wanted) => {
  await rm(join(folder.path, path), { recursive: true });
  expect([await ask("isFresh(['program'])"), await ask("isFresh(['program', 'types'])")]).toEqual(wanted);
});

test('after a build of the program alone, only the types', async () => {
  await put('src/a.ts', 'longer');
  await ask("writeStamp(['program'])");
  expect([await ask("isFresh(['program'])"), await ask("isFresh(['program', 'types'])")]).toEqual(['true', 'false']);
});
