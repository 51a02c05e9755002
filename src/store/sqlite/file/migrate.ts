/**
 * Migrations: numbered, forward only, each in a transaction of its own.
 *
 * The file's `user_version` is the number of the newest migration it has seen, written by that migration's transaction:
 * a crash in between leaves the version before, whole, and the next start goes on from there.
 */
import type { DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../../errors.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** @throws JobschedError `data_newer` when the file has seen migrations that this program does not know. */
export function migrate(db: DatabaseSync, migrations: readonly Migration[], file: string): void {
  const version = userVersion(db);
  requireKnown(version, migrations, file);
  for (const migration of migrations) {
    if (migration.version > version) apply(db, migration);
  }
}

/** @throws JobschedError `data_newer`. */
export function requireKnown(version: number, migrations: readonly Migration[], file: string): void {
  const newest = migrations.at(-1)?.version ?? 0;
  if (version > newest) throw newer(file, version, newest);
}

export function userVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

function apply(db: DatabaseSync, migration: Migration): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec(migration.sql);
    db.exec(`PRAGMA user_version = ${migration.version}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function newer(file: string, version: number, newest: number): JobschedError {
  return new JobschedError(
    'data_newer',
    `${file} has data version ${version}, and this jobsched knows versions up to ${newest}.`,
    { hint: 'Start the newer jobsched that wrote it, or name another folder with --data-dir.' },
  );
}
