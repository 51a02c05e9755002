/**
 * A backup put in the place of a data file. Whatever kills this leaves the old data or the new, and both whole:
 *
 *   copied beside it ─► checked there ─► the old file gets a second name ─► the copy takes its place, in one step
 *
 * No daemon can be at the file meanwhile: it is locked as a daemon locks it, under its old name until the end.
 */
import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../errors.ts';
import { APPLICATION_ID, lock } from './connection.ts';
import { damaged, openError } from './engine-error.ts';
import { MIGRATIONS } from './generated/migrations.ts';
import { requireKnown, userVersion } from './migrate.ts';

/**
 * Leaves the file as one that any SQLite opens by itself.
 *
 * @throws JobschedError `data_damaged`, `data_newer`, `data_unwritable`.
 */
export function verifyBackup(file: string): void {
  try {
    const db = new DatabaseSync(file);
    try {
      lock(db);
      if (Number(db.prepare('PRAGMA application_id').get()?.['application_id']) !== APPLICATION_ID) {
        throw damaged(file, 'it is no backup of jobsched');
      }
      requireKnown(userVersion(db), MIGRATIONS, file);
      const check = String(db.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check']);
      if (check !== 'ok') throw damaged(file, check);
      db.exec('PRAGMA journal_mode = DELETE');
    } finally {
      db.close();
    }
  } catch (error) {
    throw openError(error, file);
  }
}

/** What was there before has this name from then on. */
export const keptAs = (file: string): string => `${file}.before-restore`;

/**
 * @returns whether there was something before, which is kept.
 * @throws JobschedError `data_in_use` when a daemon is at the data; as `verifyBackup`.
 */
export function restoreBackup(backup: string, file: string): boolean {
  const held = existsSync(file) ? hold(file) : null;
  const copy = join(dirname(file), `${basename(file)}.restoring`);
  try {
    remove(copy);
    copyFileSync(backup, copy);
    verifyBackup(copy);
    keepOwner(copy, dirname(file));
    sync(copy);
    if (held !== null) keep(file);
    else removeLogs(file);
    renameSync(copy, file);
    sync(dirname(file));
    return held !== null;
  } catch (error) {
    throw openError(error, file);
  } finally {
    if (held !== null && held !== 'damaged') held.close();
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
    const told = openError(error, file);
    if (told instanceof JobschedError && told.code === 'data_damaged') return 'damaged';
    throw told;
  }
}

/** A second name for it, and for the log that a damaged one may have. */
function keep(file: string): void {
  const kept = keptAs(file);
  remove(kept);
  linkSync(file, kept);
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
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
function keepOwner(copy: string, folder: string): void {
  const [made, wanted] = [statSync(copy), statSync(folder)];
  if (made.uid !== wanted.uid || made.gid !== wanted.gid) chownSync(copy, wanted.uid, wanted.gid);
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
