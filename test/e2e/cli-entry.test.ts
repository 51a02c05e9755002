/** The `jobsched` file itself: versions of Node, help, versions. */
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { createContext, Script } from 'node:vm';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../support/folder.ts';
import { PROGRAM, runProgram } from '../support/program.ts';

const ENTRY = readFileSync('bin/jobsched.js', 'utf8');

/** What the entry does on a Node of this version, and without the things that old ones lack. */
function onNode(version: string): { readonly stderr: string; readonly code: number | undefined } {
  let stderr = '';
  const process = {
    versions: { node: version },
    execPath: '/usr/bin/node',
    platform: 'linux',
    arch: 'x64',
    exitCode: undefined,
    stderr: { write: (text: string) => (stderr += text) },
  };
  // A script, as old Nodes read it: they know no "type": "module".
  new Script(ENTRY.replace(/^#!.*/, '')).runInContext(createContext({ process }));
  return { stderr, code: process.exitCode };
}

test.each(['10.24.1', '20.19.0', '25.9.9'])('Node %s is told what it takes', (version) => {
  const { stderr, code } = onNode(version);
  expect(code).toBe(1);
  expect(stderr).toContain(`needs Node 26 or newer; this is Node ${version} (/usr/bin/node)`);
  expect(stderr).toContain('jobsched-linux-x64, needs no Node at all');
});

test('the version is the package’s', async () => {
  for (const args of [['--version'], ['-V'], ['version']]) {
    expect(await runProgram(args)).toEqual({ stdout: `${manifest.version}\n`, stderr: '', code: 0 });
  }
});

test('no object has __proto__: what copies the fields of somebody’s JSON changes no prototype', async () => {
  const tell = `process.on('exit', () => console.error('__proto__' in Object.prototype))`;
  const program = [process.execPath, '--import', `data:text/javascript,${tell}`] as const;
  const told = async (args: readonly string[]): Promise<string> => (await runProgram(args, { program })).stderr;
  expect(await told([PROGRAM, '--version'])).toBe('false\n');
  // Red control: Node by itself.
  expect(await told(['--eval', '0'])).toBe('true\n');
});

test('no arguments: a short help; --help: all of it', async () => {
  const short = await runProgram([]);
  expect(short).toMatchObject({ stderr: '', code: 0 });
  expect(short.stdout.split('\n').length).toBeLessThan(24);
  const full = await runProgram(['--help']);
  expect(full.stdout).toContain('EXIT CODES');
  expect(full.stdout.indexOf('EXAMPLES')).toBeLessThan(full.stdout.indexOf('USAGE'));
});

test('help of a command, however it is asked for', async () => {
  const asked = await Promise.all(
    [
      ['list', '--help'],
      ['help', 'list'],
      ['-h', 'list'],
    ].map((args) => runProgram(args)),
  );
  expect(new Set(asked.map(({ stdout }) => stdout)).size).toBe(1);
  expect(asked[0]?.stdout).toMatch(/^List the jobs[^]*EXAMPLES\n {2}jobsched list\n/);
});

test('a hint names the program as it was called', async () => {
  expect((await runProgram(['list', 'x'])).stderr).toMatch(/\n {2}See: npx jobsched list --help\n$/);
});

test('help of a topic', async () => {
  const { stdout, code } = await runProgram(['help', 'exit-codes']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/\n {2}3 +no such job or run\n/);
});

test('sources without a built page say how to build it', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'bin'));
  await copyFile('bin/jobsched.js', join(folder.path, 'bin/jobsched.js'));
  await copyFile('package.json', join(folder.path, 'package.json'));
  execFileSync('cp', ['-r', 'src', folder.path]);
  await symlink(join(process.cwd(), 'node_modules'), join(folder.path, 'node_modules'));
  const program = [process.execPath, join(folder.path, 'bin/jobsched.js')] as const;
  const ran = await runProgram(['standalone'], { program: [...program] });
  expect(ran).toMatchObject({ stdout: '', code: 1 });
  expect(ran.stderr).toMatch(/^error: the page is not built\n {2}npm start builds what is missing and runs it/);
});
