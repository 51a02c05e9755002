/**
 * The one connection to the one file.
 *
 * - WAL with `synchronous = FULL`: what is committed survives the loss of power.
 * - The lock is taken once and kept (`locking_mode = EXCLUSIVE`): a second process is told so at once, and SQLite needs
 *   neither shared memory nor locks from then on.
 * - A file that is not ours is recognised before anything is written to it.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { damaged, openError } from './engine-error.ts';
import { MIGRATIONS } from '../generated/migrations.ts';
import { migrate, userVersion, type Migration } from './migrate.ts';

/** `JSCH`, in the header of each of our files: migration 1 puts it there. */
export const APPLICATION_ID = 0x4a534348;

/**
 * Opens the file, and makes it (0600) and its folder (0700) when missing.
 *
 * @throws JobschedError `data_in_use`, `data_unwritable`, `data_newer`, `data_damaged` or `engine_full`.
 */
export function connect(file: string, migrations: readonly Migration[] = MIGRATIONS): DatabaseSync {
  try {
    makeFile(file);
    const db = new DatabaseSync(file, { timeout: 0, enableForeignKeyConstraints: true });
    try {
      lock(db);
      checkFile(db, file);
      db.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY',
      );
      migrate(db, migrations, file);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw openError(error, file);
  }
}

/** An empty one, where there is none. */
export function makeFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** In exclusive mode a lock that a transaction takes outlives it. */
export function lock(db: DatabaseSync): void {
  db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT');
}

/** A file with tables must have our mark, which the first migration writes; an empty one becomes ours. */
function checkFile(db: DatabaseSync, file: string): void {
  const id = Number(db.prepare('PRAGMA application_id').get()?.['application_id']);
  if (id === APPLICATION_ID) return;
  const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined && userVersion(db) === 0;
  if (id !== 0 || !empty) throw damaged(file, 'it is the database of another program');
}
