import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calledAs, isFromCheckout } from './called-as.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../test/support/folder.ts';

const NODE = '/usr/bin/node';
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  await file('lib/node_modules/jobsched/bin/jobsched.js');
  await chmod(await file('bin/jobsched-linux-x64'), 0o755);
  await symlink('../lib/node_modules/jobsched/bin/jobsched.js', join(folder.path, 'bin/jobsched'));
  await mkdir(join(folder.path, 'checkout/.bin'), { recursive: true });
  await symlink(resolve('bin/jobsched.js'), join(folder.path, 'checkout/.bin/jobsched'));
});

afterAll(() => folder.remove());

async function file(name: string): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  return path;
}

const asScript = (script: string): string => calledAs({ execPath: NODE, script, path: '/usr/bin', cwd: '/' });

test('a checkout, by its path', () => {
  expect(asScript(resolve('bin/jobsched.js'))).toBe('npx jobsched');
  expect(isFromCheckout(resolve('bin/jobsched.js'))).toBe(true);
});

test('a checkout, by the link that npx starts', () => {
  const link = join(folder.path, 'checkout/.bin/jobsched');
  expect(asScript(link)).toBe('npx jobsched');
  expect(isFromCheckout(link)).toBe(true);
});

test('a global install, by its link and by its path', () => {
  for (const name of ['bin/jobsched', 'lib/node_modules/jobsched/bin/jobsched.js']) {
    expect(asScript(join(folder.path, name))).toBe('jobsched');
    expect(isFromCheckout(join(folder.path, name))).toBe(false);
  }
});

test('the single binary: its name when PATH has it, else its file', () => {
  const bin = join(folder.path, 'bin');
  const execPath = join(bin, 'jobsched-linux-x64');
  const binary = { execPath, script: execPath, path: '/usr/bin', cwd: '/' };
  expect(calledAs({ ...binary, path: `/usr/bin:${bin}` })).toBe('jobsched-linux-x64');
  expect(calledAs({ ...binary, cwd: bin })).toBe('./jobsched-linux-x64');
  expect(calledAs({ ...binary, cwd: folder.path })).toBe('./bin/jobsched-linux-x64');
  expect(calledAs({ ...binary, script: undefined, cwd: '/usr' })).toBe(execPath);
  expect(isFromCheckout(undefined)).toBe(false);
});
