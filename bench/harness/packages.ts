/** Brings what a run needs: the peers' packages and our own program, built. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** As users have it: `bin/jobsched.js` of a checkout takes the sources, and Node 40 MB to strip their types. */
export const PROGRAM = join(ROOT, 'dist/jobsched.js');
export const SINGLE_BINARY = join(ROOT, 'dist/bin/jobsched-linux-x64');

/** The packages of bench/package.json, at exactly its versions, when they are missing. */
export function installPeers(): void {
  const folder = join(ROOT, 'bench');
  if (existsSync(join(folder, 'node_modules/bullmq'))) return;
  console.error('bench: installing the packages to compare with');
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], folder);
}

export function buildProgram(): void {
  run(process.execPath, ['scripts/build.ts', '--if-stale'], ROOT);
}

/** The single binary is built anew: an old one would tell of yesterday. */
export function buildSingleBinary(): void {
  run(process.execPath, ['scripts/package.ts'], ROOT);
}

function run(program: string, args: readonly string[], cwd: string): void {
  const { status, error } = spawnSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}
