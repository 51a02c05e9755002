/**
 * A backup put in the place of a data file. Whatever kills this leaves the old data or the new, and both whole:
 *
 *   copied beside it ─► checked there ─► the old file gets a second name ─► the copy takes its place, in one step
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
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../errors.ts';
import { APPLICATION_ID, lock, makeFile } from './connection.ts';
import { openError } from './engine-error.ts';
import { MIGRATIONS } from './generated/migrations.ts';
import { requireKnown, userVersion } from './migrate.ts';

/**
 * Leaves the file as one that any SQLite opens by itself.
 *
 * @param name what people are told that it is called, where it is a copy.
 * @throws JobschedError `data_damaged`, `data_newer`, `data_unwritable`.
 */
export function verifyBackup(file: string, name = file): void {
  try {
    const db = new DatabaseSync(file);
    try {
      lock(db);
      if (Number(db.prepare('PRAGMA application_id').get()?.['application_id']) !== APPLICATION_ID) {
        throw damagedBackup(name, 'it is no backup of jobsched');
      }
      requireKnown(userVersion(db), MIGRATIONS, name);
      const check = String(db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']);
      if (check !== 'ok') throw damagedBackup(name, check);
      db.exec('PRAGMA journal_mode = DELETE');
    } finally {
      db.close();
    }
  } catch (error) {
    throw isDamage(error) ? damagedBackup(name, 'it is a broken database', error) : openError(error, name);
  }
}

function damagedBackup(name: string, why: string, cause?: unknown): JobschedError {
  const hint = 'Take another backup. Nothing has been changed.';
  return new JobschedError('data_damaged', `${name} is not what jobsched writes: ${why}.`, { hint, cause });
}

/**
 * What a file that was taken for a backup is instead, at a glance: `no SQLite database`. Null: nothing speaks against it.
 *
 * @throws what the file system says, when it cannot be read.
 */
export function notABackup(file: string): string | null {
  const found = statSync(file);
  if (found.isDirectory()) return 'it is a folder';
  if (!found.isFile()) return 'it is no plain file';
  const head = headOf(file);
  if (head.length === 0) return 'it is empty';
  if (!head.subarray(0, SQLITE.length).equals(SQLITE)) return 'it is no SQLite database';
  return head.length === HEAD && head.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID
    ? 'it is the database of another program'
    : null;
}

/**
 * Why a backup must not take the place of what has that name: `it is no SQLite database`. Null: it is an earlier backup, or
 * nothing.
 *
 * @throws what the file system says, when it cannot be read.
 */
export function notForABackup(file: string): string | null {
  // Also where the file itself is missing: SQLite would take the log for the backup's.
  if (['-wal', '-journal'].some((end) => !isNothing(file + end))) return 'it has a log beside it, as data in use has';
  if (isNothing(file)) return null;
  const objection = notABackup(file);
  if (objection !== null) return objection;
  if (useOf(file) !== null) return 'a jobsched has it open';
  return headOf(file)[WRITE_VERSION_AT] === WAL ? 'it is the data of a jobsched' : null;
}

/** Missing, or an empty file. */
function isNothing(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined || (found.isFile() && found.size === 0);
}

/** How each file of SQLite begins: sqlite.org/fileformat2.html#the_database_header. */
const SQLITE = Buffer.from('SQLite format 3\0');
const HEAD = 100;
const WRITE_VERSION_AT = 18;
/** A daemon's data has this mode, and keeps it when the daemon stops; a backup never has. */
const WAL = 2;
const APPLICATION_ID_AT = 68;

function headOf(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD);
    return head.subarray(0, readSync(handle, head, 0, HEAD, 0));
  } finally {
    closeSync(handle);
  }
}

/** @throws JobschedError `data_in_use` when a daemon is at the data. */
export function requireUnused(file: string): void {
  // Where the folder cannot be looked into, what comes next says so.
  const use = existsSync(file) && !isNothing(file) ? useOf(file) : null;
  if (use !== null) throw use;
}

/**
 * `data_in_use` when a daemon has it open. Changes nothing, neither the file nor what lies beside it: a connection that only
 * reads can have no log in exclusive mode, and fails before it would open or make one. Not for an empty file: SQLite removes
 * the log of that.
 */
function useOf(file: string): JobschedError | null {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    db.exec('PRAGMA locking_mode = EXCLUSIVE; SELECT 1 FROM sqlite_schema');
    return null;
  } catch (error) {
    const told = openError(error, file);
    return told instanceof JobschedError && told.code === 'data_in_use' ? told : null;
  } finally {
    db?.close();
  }
}

/** What was there before has this name from then on. */
export const keptAs = (file: string): string => `${file}.before-restore`;

/**
 * @returns whether there was something before, which is kept.
 * @throws JobschedError `data_in_use` when a daemon is at the data; as `verifyBackup`.
 */
export function restoreBackup(backup: string, file: string): boolean {
  try {
    const wasThere = existsSync(file);
    makeFile(file);
    if (!wasThere) keepOwner(file, dirname(file));
    const held = hold(file);
    try {
      replace(file, backup, wasThere);
      return wasThere;
    } finally {
      if (held !== 'damaged') held.close();
    }
  } catch (error) {
    throw openError(error, file);
  }
}

/** With the file held. @param wasThere whether it is to be kept: else it was made to be held. */
function replace(file: string, backup: string, wasThere: boolean): void {
  const copy = `${file}.restoring`;
  try {
    remove(copy);
    copyFileSync(backup, copy);
    chmodSync(copy, 0o600);
    verifyBackup(copy, backup);
    keepOwner(copy, dirname(file));
    sync(copy);
    if (wasThere) exchange(file, copy);
    else {
      removeLogs(file);
      renameSync(copy, file);
    }
    sync(dirname(file));
  } catch (error) {
    if (!wasThere) remove(file);
    throw error;
  } finally {
    remove(copy);
  }
}

/**
 * The file locked, and with nothing left in its log, which would else be taken for the new file's. `damaged`: what is no
 * database holds no lock either, and is what a backup is for.
 */
function hold(file: string): DatabaseSync | 'damaged' {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file, { timeout: 0 });
    lock(db);
    db.exec('PRAGMA journal_mode = DELETE');
    return db;
  } catch (error) {
    db?.close();
    if (isDamage(error)) return 'damaged';
    throw openError(error, file);
  }
}

/** Of what SQLite says. */
function isDamage(error: unknown): boolean {
  const told = error instanceof JobschedError ? null : openError(error, '');
  return told instanceof JobschedError && told.code === 'data_damaged';
}

/**
 * The copy for the file, which is kept with the log that a damaged one may have. What an earlier restore kept goes last: it
 * may be the very backup.
 */
function exchange(file: string, copy: string): void {
  const [kept, keeping] = [keptAs(file), `${file}.keeping`];
  saveLeft(file, keeping);
  remove(keeping);
  linkSync(file, keeping);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${keeping}-wal`);
  renameSync(copy, file);
  sync(dirname(file));
  if (existsSync(`${keeping}-wal`)) {
    // A log must not lie beside what it is not of, for whoever opens that: so what is kept goes before it comes.
    remove(kept);
    renameSync(`${keeping}-wal`, `${kept}-wal`);
  } else removeLogs(kept);
  renameSync(keeping, kept);
}

/** What was there before a restore that was killed in its last steps: whoever types that again does not mean to lose it. */
function saveLeft(file: string, keeping: string): void {
  const left = statSync(keeping, { throwIfNoEntry: false });
  if (left === undefined || left.ino === statSync(file).ino) return;
  const saved = `${file}.before-killed-restore`;
  removeLogs(saved);
  renameSync(keeping, saved);
  if (existsSync(`${keeping}-wal`)) renameSync(`${keeping}-wal`, `${saved}-wal`);
}

function remove(file: string): void {
  rmSync(file, { force: true });
  removeLogs(file);
}

/** SQLite's, which it would take for those of whatever file has that name. */
function removeLogs(file: string): void {
  for (const end of ['-wal', '-shm', '-journal']) rmSync(file + end, { force: true });
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
