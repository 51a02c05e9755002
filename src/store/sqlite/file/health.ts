/** Whether the file can be read and written, and how often it was opened. */
import { accessSync, constants } from 'node:fs';
import { JobschedError, messageOf } from '../../../errors.ts';
import type { Statements } from './statements.ts';

/** Asks the file system: what SQLite has in memory it would answer without. @throws JobschedError `engine_unavailable`. */
export function mustBeThere(file: string): void {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new JobschedError('engine_unavailable', `${file} cannot be read and written: ${messageOf(error)}.`, {
      hint: 'Look at the disk that holds it, and at who may write there.',
      cause: error,
    });
  }
}

/** Writes, so that a disk that is full or read-only says so. */
export function noteProbe(sql: Statements): void {
  raise(sql, 'probes');
}

/** @returns how often the file has been opened, this time included. */
export function countOpening(sql: Statements): number {
  return raise(sql, 'openings');
}

function raise(sql: Statements, name: string): number {
  const row = sql.one<{ readonly value: number }>(
    `INSERT INTO facts (name, value) VALUES (?, 1)
     ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`,
    name,
  );
  return row?.value ?? 1;
}
