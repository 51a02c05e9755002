/** Completion in the shells themselves, with the names of a real server's jobs. A shell that is not there is skipped. */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();
const PROGRAM = fileURLToPath(new URL('../../bin/jobsched.js', import.meta.url));
const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

beforeAll(async () => {
  await server.client.jobs.create({ command: 'true', name: 'nightly', schedule: '@daily' });
  await server.client.jobs.create({ command: 'true', name: 'nine', schedule: '@daily' });
});

/** What a shell prints when it runs the script, with `jobsched` on its PATH. */
async function inShell(shell: string, script: string): Promise<string> {
  await using folder = await temporaryFolder();
  const bin = join(folder.path, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'jobsched'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env['PATH']}`, JOBSCHED_SERVER: server.url, HOME: folder.path, TERM: 'dumb' };
  const { stdout, stderr } = spawnSync(shell, ['-c', script], { env, encoding: 'utf8', timeout: 60_000 });
  return stdout + stderr;
}

const BASH = `
eval "$(jobsched completion bash)"
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _jobsched; echo "\${COMPREPLY[*]}"; }
ask jobsched get ni
ask jobsched submi
ask jobsched get --ut
ask jobsched get 'zzz'
`;

test.runIf(has('bash'))('bash', async () => {
  const [jobs = '', ...rest] = (await inShell('bash', BASH)).split('\n');
  expect(jobs.split(' ').toSorted()).toEqual(['nightly', 'nine']);
  expect(rest).toEqual(['submit', '--utc', '', '']);
});

test.runIf(has('fish'))('fish', async () => {
  const script = `jobsched completion fish | source; complete -C 'jobsched get nig'; complete -C 'jobsched submi'`;
  expect(await inShell('fish', script)).toBe('nightly\nsubmit\n');
});

test.runIf(has('zsh'))('zsh', async () => {
  // Without a line editor: what the function would add.
  const script = `
compdef() { :; }; compadd() { print -r -- "\${(P)2}"; }; _files() { print files; }
eval "$(jobsched completion zsh)"
words=(jobsched get nig); CURRENT=3; _jobsched
words=(jobsched get zzz); CURRENT=3; _jobsched
`;
  expect(await inShell('zsh', script)).toBe('nightly\nfiles\n');
});

test('runs of a job, and silence about a server that is not there', async () => {
  const run = await server.client.jobs.run('nightly');
  const asked = await runProgram(['__complete', '--', 'logs', 'nightly#'], { server: server.url });
  expect(asked).toEqual({ stdout: `nightly#${run.number}\n`, stderr: '', code: 0 });
  const alone = await runProgram(['__complete', '--', 'get', 'ni'], { server: 'http://127.0.0.1:1' });
  expect(alone).toEqual({ stdout: '', stderr: '', code: 0 });
});
