/** What SQLite says went wrong, in the words of the catalogue. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { GOES_ON, JobschedError, messageOf, type ErrorCode } from '../../../errors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const BUSY = 5;
const READONLY = 8;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
/** An extended one: the name is another file's by now. */
const READONLY_DBMOVED = 1032;

/** The primary result code when this is an error of SQLite, else null. */
export function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** Whether it is the engine's trouble, which all that is under way shares, and not a bug of one operation. */
export function isEngineTrouble(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && [BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB].includes(code);
}

/** For an error while the file is opened. What is no error of SQLite or of the file system is returned as it is. */
export function openError(error: unknown, file: string): unknown {
  if (error instanceof JobschedError) return error;
  const code = sqliteCode(error);
  if (code === BUSY) {
    return told('data_in_use', `Another jobsched has ${file} open.`, error, {
      hint: 'Stop the other one, or name another folder with --data-dir.',
    });
  }
  if (error instanceof Error && 'errcode' in error && error.errcode === READONLY_DBMOVED) {
    return told('data_in_use', `${file} was replaced while it was opened.`, error, { hint: 'Start it again.' });
  }
  if (code === NOTADB || code === CORRUPT) return damaged(file, 'it is no SQLite database, or a broken one', error);
  if (code === CANTOPEN || code === READONLY || isFileError(error)) {
    return told('data_unwritable', `${file} cannot be opened for writing: ${messageOf(error)}.`, error, {
      hint: 'Let the user that runs jobsched write there, or name another folder with --data-dir.',
    });
  }
  return engineError(error, file);
}

/** For an error while the store works. What is no error of SQLite is returned as it is: that is a bug. */
export function engineError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  if (code === FULL || (code === IOERR && isFull(file))) {
    return told('engine_full', `The disk that holds ${file} is full; nothing was written.`, error, {
      hint: `Make room on it. ${GOES_ON}`,
    });
  }
  if (code === READONLY) {
    return told('engine_read_only', `${file} has become read-only.`, error, {
      hint: 'Make its file system writable again, then restart jobsched.',
    });
  }
  if (code === CORRUPT || code === NOTADB) return damaged(file, 'it has become damaged', error);
  if (code === IOERR || code === CANTOPEN || code === BUSY) {
    return told('engine_unavailable', `${file} cannot be read or written: ${messageOf(error)}.`, error, {
      hint: "Look at the disk that holds it, and at the system's log.",
    });
  }
  return error;
}

/** Of what SQLite says. */
export function isDamage(error: unknown): boolean {
  const told = error instanceof JobschedError ? null : openError(error, '');
  return told instanceof JobschedError && told.code === 'data_damaged';
}

export function damaged(file: string, why: string, cause?: unknown): JobschedError {
  return told('data_damaged', `${file} is not what jobsched writes: ${why}.`, cause, {
    hint: 'Put a backup in its place, or name another folder with --data-dir. The file was left as it is.',
  });
}

/** SQLite says "disk full" itself where a write fails for it, but not where a sync or a quota does. */
function isFull(file: string): boolean {
  try {
    return statfsSync(dirname(file)).bavail < 16;
  } catch {
    return false;
  }
}

function isFileError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && 'syscall' in error;
}

function told(code: ErrorCode, message: string, cause: unknown, details: { readonly hint: string }): JobschedError {
  return new JobschedError(code, message, { ...details, cause });
}
