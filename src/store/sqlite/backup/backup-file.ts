/** What a file is, to one that may be a backup or be replaced by one. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../../errors.ts';
import { APPLICATION_ID, lock } from '../file/connection.ts';
import { isDamage, openError } from '../file/engine-error.ts';
import { MIGRATIONS } from '../generated/migrations.ts';
import { useOf } from '../file/in-use.ts';
import { requireKnown, userVersion } from '../file/migrate.ts';

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

/** Whether SQLite would take it for one of its own. */
export function isDatabase(file: string): boolean {
  return headOf(file).subarray(0, SQLITE.length).equals(SQLITE);
}

/** Missing, or an empty file. */
export function isNothing(file: string): boolean {
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
