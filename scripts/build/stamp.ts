/**
 * Tells whether dist/ still fits its sources, in a few milliseconds: by names, sizes and times of change, not contents.
 */
import { createHash } from 'node:crypto';
import { glob, readFile, stat, writeFile } from 'node:fs/promises';

const STAMP = 'dist/.stamp';
const SOURCES = [
  'src/**/*',
  'static/**/*',
  'bin/*',
  'scripts/build.ts',
  'scripts/build/*',
  'package.json',
  'package-lock.json',
];

/** True when nothing that goes into a build has changed since the last whole build. */
export async function isFresh(): Promise<boolean> {
  const before = await readFile(STAMP, 'utf8').catch(() => null);
  return before !== null && before === (await fingerprint());
}

/** Remembers the sources as those that dist/ was built from. */
export async function writeStamp(): Promise<void> {
  await writeFile(STAMP, await fingerprint());
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
