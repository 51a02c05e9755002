/**
 * A backup put in the place of a data file. Whatever kills this leaves the old data or the new, and both whole:
 *
 *   copied beside it ─► checked there ─► the old file is linked into a folder ─► the copy takes its place, in one step
 *
 * No daemon can be at the file meanwhile: it is locked as a daemon locks it, under its old name until the end. Where there
 * was none, one is made for that.
 */
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isDatabase, isNothing, verifyBackup } from './backup-file.ts';
import { makeFile } from '../file/connection.ts';
import { openError } from '../file/engine-error.ts';
import { hold, useOf } from '../file/in-use.ts';

/** @throws JobschedError `data_in_use` when a daemon is at the data. */
export function requireUnused(file: string): void {
  // Where the folder cannot be looked into, what comes next says so.
  const use = existsSync(file) && !isNothing(file) ? useOf(file) : null;
  if (use !== null) throw use;
}

/** Whether there is something to lose: a restore that was killed may have left an empty file, or emptied its place. */
export function isThere(file: string): boolean {
  return existsSync(file) && (['', ...LOGS].some((end) => !isNothing(file + end)) || existsSync(leftOf(file)));
}

/** A link to what was there, while it is exchanged. */
const leftOf = (file: string): string => join(dirname(file), 'restoring', basename(file));

/**
 * @returns what was there before, in a folder of its own, on which a daemon can be started too; null when nothing was.
 * @throws JobschedError `data_in_use` when a daemon is at the data; as `verifyBackup`.
 */
export function restoreBackup(backup: string, file: string): string | null {
  try {
    const wasThere = isThere(file);
    makeFile(file);
    if (!wasThere) keepOwner(file, dirname(file));
    const held = wasThere && !isDatabase(file) ? leave(file) : hold(file);
    try {
      return replace(file, backup, wasThere);
    } finally {
      if (held !== 'damaged') held.close();
    }
  } catch (error) {
    throw openError(error, file);
  }
}

/** What is no database is not opened: SQLite would take away the log, in which all may be. */
function leave(file: string): 'damaged' {
  requireUnused(file);
  return 'damaged';
}

/** With the file held. @param wasThere whether it is to be kept: else it was made to be held. */
function replace(file: string, backup: string, wasThere: boolean): string | null {
  const copy = `${file}.restoring`;
  try {
    remove(copy);
    copyFileSync(backup, copy);
    chmodSync(copy, 0o600);
    verifyBackup(copy, backup);
    keepOwner(copy, dirname(file));
    sync(copy);
    if (wasThere) return exchange(file, copy);
    removeLogs(file);
    renameSync(copy, file);
    sync(dirname(file));
    return null;
  } catch (error) {
    if (!wasThere) remove(file);
    throw error;
  } finally {
    remove(copy);
  }
}

/** The copy for the file, which is kept with the log that a damaged one may have. Takes away nothing: see `keep`. */
function exchange(file: string, copy: string): string {
  const folder = dirname(file);
  const keeping = dirname(leftOf(file));
  takeBack(file);
  mkdirSync(keeping, { mode: 0o700 });
  keepOwner(keeping, folder);
  for (const end of ['', ...LOGS]) {
    if (existsSync(file + end)) linkSync(file + end, leftOf(file) + end);
  }
  sync(keeping);
  sync(folder);
  // A log must not lie beside what it is not of, for whoever opens that.
  removeLogs(file);
  renameSync(copy, file);
  sync(folder);
  return keep(file);
}

/** What a restore left that was killed on its way: as if it had come to its end, or had never begun. */
function takeBack(file: string): void {
  const left = leftOf(file);
  if (existsSync(left)) {
    if (statSync(left).ino !== statSync(file).ino) {
      keep(file);
      return;
    }
    for (const end of LOGS) {
      if (existsSync(left + end) && !existsSync(file + end)) linkSync(left + end, file + end);
    }
  }
  rmSync(dirname(left), { recursive: true, force: true });
}

/**
 * Under a name that is free: one that is killed after this is typed again by whoever does not know that it was done, and
 * then has to keep two.
 */
function keep(file: string): string {
  const folder = dirname(file);
  let kept = join(folder, 'before-restore');
  for (let number = 2; existsSync(kept); number += 1) kept = join(folder, `before-restore-${number}`);
  renameSync(dirname(leftOf(file)), kept);
  sync(folder);
  return join(kept, basename(file));
}

function remove(file: string): void {
  rmSync(file, { force: true });
  removeLogs(file);
}

/** SQLite's, which it would take for those of whatever file has that name. */
const LOGS = ['-wal', '-journal'];

function removeLogs(file: string): void {
  for (const end of [...LOGS, '-shm']) rmSync(file + end, { force: true });
}

/** Root restores what a service's user is to open. */
function keepOwner(file: string, folder: string): void {
  const [made, wanted] = [statSync(file), statSync(folder)];
  if (made.uid !== wanted.uid || made.gid !== wanted.gid) chownSync(file, wanted.uid, wanted.gid);
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
