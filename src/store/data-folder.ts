/** The folder that the data lies in, made before an engine opens anything there. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JobschedError, messageOf } from '../errors.ts';

const HINT = 'Let the user that runs jobsched write there, or name another folder with --data-dir.';

/**
 * Makes the folder (0700) and those above it when missing. One level after the other: the `recursive` of Node's own
 * mkdir never comes back where the system says that a folder which is there is not, as Linux does within /proc.
 *
 * @throws JobschedError `data_unwritable`.
 */
export function makeDataFolder(path: string): void {
  const folder = resolve(path);
  try {
    for (const level of missing(folder)) makeLevel(level);
  } catch (error) {
    if (error instanceof JobschedError) throw error;
    throw unwritable(`${folder} cannot be made: ${messageOf(error)}.`, error);
  }
}

/** The levels that are not there, the outermost first. */
function missing(folder: string): readonly string[] {
  const levels: string[] = [];
  for (let level = folder; !isFolder(level, folder); level = dirname(level)) levels.unshift(level);
  return levels;
}

/** The root is one, so that a look upwards ends. @throws JobschedError for a file. */
function isFolder(path: string, wanted: string): boolean {
  if (path === dirname(path)) return true;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.isDirectory()) return true;
  const why = path === wanted ? '' : `${wanted} cannot be made: `;
  throw unwritable(`${why}${path} is a file, not a folder.`);
}

/** Another process may have made it meanwhile. */
function makeLevel(level: string): void {
  try {
    mkdirSync(level, { mode: 0o700 });
  } catch (error) {
    if (!isThere(error) || !isFolder(level, level)) throw error;
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function unwritable(message: string, cause?: unknown): JobschedError {
  return new JobschedError('data_unwritable', message, { hint: HINT, cause });
}
