/**
 * A copy of the file while the store works: by SQLite itself, page by page on another thread. What is written meanwhile
 * through the same connection goes into the copy as well, so it is the data as it is at the copy's end, with no transaction
 * cut in two. Between its steps, writers wait some milliseconds; at its end, for as long as the disk takes to sync it
 * (230 MiB on a virtual SSD: 150 ms).
 *
 * It lies beside the data until it has been read, and nobody else reads that folder.
 */
import { closeSync, createReadStream, openSync, rmSync, statfsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../../errors.ts';
import type { Backup } from '../../backup.ts';
import { Pace } from './backup-pace.ts';

/** Pages at a time: 1 MiB, some milliseconds in which the store waits. */
const RATE = 256;
/** What has to stay free beside the copy, also while it grows, in bytes, so that the store itself can go on. */
const SPARE = 100 * 1_024 * 1_024;

interface Progress {
  readonly totalPages: number;
  readonly remainingPages: number;
}

/** The store's, for taking turns with. */
export interface Writes {
  pause(): void;
  letOnePass(): void;
  resume(): void;
}

/** One at a time: each takes as much room as the data. */
export class Backups {
  readonly #db: DatabaseSync;
  readonly #writes: Writes;
  readonly #file: string;
  readonly #copy: string;
  readonly #report: (fault: unknown) => void;
  #isThere = false;

  /** @param report takes why a copy could not be removed. */
  constructor(db: DatabaseSync, writes: Writes, file: string, report: (fault: unknown) => void) {
    this.#db = db;
    this.#writes = writes;
    this.#file = file;
    this.#copy = `${file}.backup`;
    this.#report = report;
    this.#removeLeft();
  }

  /** All secrets of all jobs are in one that a killed process left. */
  #removeLeft(): void {
    try {
      rmSync(this.#copy, { force: true });
    } catch (error) {
      this.#report(error);
    }
  }

  /** @throws JobschedError `too_many_requests`, `engine_full` where the disk has no room for it; an error of SQLite. */
  async make(): Promise<Backup> {
    if (this.#isThere) {
      throw new JobschedError(
        'too_many_requests',
        'another backup is being made or fetched, and one is made at a time',
        {
          hint: 'Come again when it is done.',
        },
      );
    }
    this.#isThere = true;
    try {
      const bytes = await copyAll(this.#db, this.#writes, this.#file, this.#copy);
      return { bytes, read: () => createReadStream(this.#copy), close: () => this.#close() };
    } catch (error) {
      await this.#close();
      throw error;
    }
  }

  async #close(): Promise<void> {
    await rm(this.#copy, { force: true }).catch(this.#report);
    this.#isThere = false;
  }
}

/** @returns how many bytes it has. */
async function copyAll(db: DatabaseSync, writes: Writes, file: string, copy: string): Promise<number> {
  // One that could not be removed.
  await rm(copy, { force: true });
  requireRoom(file, (await stat(file)).size);
  await copyPages(db, writes, file, copy);
  makePlain(copy);
  return (await stat(copy)).size;
}

/**
 * A step finds the connection busy while a transaction of ours is open. A full event loop is nearly always in one, so writes
 * and steps take turns; and none is open at the first step, of which Node would say that it failed for no error.
 *
 * @throws JobschedError `engine_full` when what is written meanwhile leaves too little room.
 */
async function copyPages(db: DatabaseSync, writes: Writes, file: string, copy: string): Promise<void> {
  closeSync(openSync(copy, 'wx', 0o600));
  const pace = new Pace();
  const progress = ({ totalPages, remainingPages }: Progress): void => {
    requireRoom(file, 0);
    if (pace.mayPass(totalPages, remainingPages)) writes.letOnePass();
  };
  writes.pause();
  try {
    await backup(db, copy, { rate: RATE, progress });
  } finally {
    writes.resume();
  }
}

/** A file that any SQLite opens by itself, without files beside it. */
function makePlain(copy: string): void {
  const db = new DatabaseSync(copy);
  try {
    db.exec('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** @param toCopy how many bytes are to be written. */
function requireRoom(file: string, toCopy: number): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  const free = bavail * bsize;
  if (free >= toCopy + SPARE) return;
  const mib = (bytes: number): string => `${Math.ceil(bytes / 1_024 / 1_024).toLocaleString('en')} MiB`;
  throw new JobschedError(
    'engine_full',
    `A backup needs ${mib(toCopy + SPARE)} beside ${file} while it is made, and ${mib(free)} are free.`,
    { hint: 'Make room on that disk.' },
  );
}
