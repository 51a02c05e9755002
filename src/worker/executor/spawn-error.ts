/** Why a command could not be started, in words. */
import { accessSync, constants, statSync } from 'node:fs';
import type { CommandSpec } from './executor.ts';

const IN_WORDS: Readonly<Record<string, string>> = {
  EAGAIN: 'the system allows this user no more processes (EAGAIN)',
  ENOMEM: 'the system has no memory left for another process (ENOMEM)',
  EMFILE: 'jobsched has too many files open (EMFILE)',
  ENFILE: 'the system has too many files open (ENFILE)',
  E2BIG: 'the command and its environment are too long for the system (E2BIG)',
  ENOSPC: 'no space is left for its pipes (ENOSPC)',
};

/** One sentence without a full stop, naming the path at fault where there is one. */
export function describeSpawnError(error: unknown, spec: CommandSpec): string {
  const code = codeOf(error);
  return (
    IN_WORDS[code] ??
    folderProblem(spec.cwd) ??
    shellProblem(spec.shell) ??
    `the command could not be started: ${error instanceof Error ? error.message : String(error)}`
  );
}

/** What is wrong with a shell given as a path; null when nothing is, or when it is a name to be looked up. */
export function shellProblem(shell: string): string | null {
  if (!shell.includes('/')) return null;
  const code = codeOfTrying(() => accessSync(shell, constants.X_OK));
  if (code === null) return null;
  return code === 'ENOENT' ? `the shell ${shell} does not exist` : `the shell ${shell} cannot be executed (${code})`;
}

function folderProblem(folder: string): string | null {
  const code = codeOfTrying(() => {
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error('no folder'), { code: 'ENOTDIR' });
    accessSync(folder, constants.X_OK);
  });
  if (code === null) return null;
  if (code === 'ENOENT') return `the working directory ${folder} does not exist`;
  if (code === 'ENOTDIR') return `the working directory ${folder} is not a directory`;
  return `the working directory ${folder} cannot be entered (${code})`;
}

function codeOfTrying(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
