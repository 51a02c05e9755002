/** Whether a daemon has the data open, and how to keep one from it. */
import { DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../../errors.ts';
import { lock } from './connection.ts';
import { isDamage, openError } from './engine-error.ts';

/**
 * `data_in_use` when a daemon has it open. Changes nothing, neither the file nor what lies beside it: a connection that only
 * reads can have no log in exclusive mode, and fails before it would open or make one. Not for an empty file: SQLite removes
 * the log of that.
 */
export function useOf(file: string): JobschedError | null {
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

/**
 * The file locked, and with nothing left in its log, which would else be taken for the new file's. `damaged`: what is no
 * database holds no lock either, and is what a backup is for.
 */
export function hold(file: string): DatabaseSync | 'damaged' {
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
