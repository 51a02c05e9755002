/** What a person has to type to call this program again, so that hints can be pasted. */
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join, relative } from 'node:path';
import type { Machine } from '../../config/machine.ts';

interface Call {
  readonly execPath: string;
  /** `process.argv[1]`: the script or a link to it, or in a single binary the binary itself. */
  readonly script: string | undefined;
  readonly path: string;
  readonly cwd: string;
}

/** What to type for the program that runs here and now. */
export function thisProgram({ env, cwd }: Pick<Machine, 'env' | 'cwd'>): string {
  const { execPath, argv } = process;
  return calledAs({ execPath, script: argv[1], path: env['PATH'] ?? '', cwd });
}

/**
 * In a checkout `npx jobsched`, which also finds the right Node; installed as a package `jobsched`. The single binary
 * goes by its name when PATH has it, else by its file.
 */
export function calledAs({ execPath, script, path, cwd }: Call): string {
  if (isFromCheckout(script)) return 'npx jobsched';
  if (script !== undefined && realPath(script).endsWith('.js')) return 'jobsched';
  const name = basename(execPath);
  if (path.split(delimiter).some((folder) => isExecutable(join(folder, name)))) return name;
  const near = relative(cwd, execPath);
  return near.startsWith('..') ? execPath : `./${near}`;
}

/** @param script as in `process.argv[1]`. A checkout has the sources beside `bin`; what is shipped has none. */
export function isFromCheckout(script: string | undefined): boolean {
  if (script === undefined) return false;
  const entry = realPath(script);
  return basename(entry) === 'jobsched.js' && existsSync(join(dirname(entry), '../src/cli/main.ts'));
}

/** npm and npx start a program through a link without an ending: only where it leads tells what it is. */
function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
