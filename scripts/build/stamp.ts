/**
 * Tells whether dist/ still fits its sources, in a few milliseconds: by names, sizes and times of change, not contents.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, stat, writeFile } from 'node:fs/promises';

/** What is built, each with a file of it, so that it is noticed when somebody removed it. */
const MADE = { program: 'dist/jobsched.js', types: 'dist/types/client/client.d.ts' } as const;
export type Made = keyof typeof MADE;

const stampOf = (made: Made): string => `dist/.stamp-${made}`;
const SOURCES = [
  'src/**/*',
  'static/**/*',
  'bin/*',
  'scripts/build.ts',
  'scripts/build/*',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** True when all of these are there, and nothing that goes into a build has changed since each was built. */
export async function isFresh(wanted: readonly Made[]): Promise<boolean> {
  const now = await fingerprint();
  const stamps = wanted.map(readStamp);
  return (await Promise.all(stamps)).every((then) => then === now);
}

async function readStamp(made: Made): Promise<string | null> {
  return existsSync(MADE[made]) ? readFile(stampOf(made), 'utf8').catch(() => null) : null;
}

/** Remembers the sources as those that these were built from. */
export async function writeStamp(built: readonly Made[]): Promise<void> {
  const now = await fingerprint();
  for (const made of built) await writeFile(stampOf(made), now);
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  const paths = await Array.fromAsync(glob(SOURCES, { exclude: (path) => path.endsWith('.test.ts') }));
  for (const path of paths.toSorted()) {
    const { mtimeMs, size } = await stat(path);
    hash.update(`${path}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest('hex');
}
