/**
 * A copy of the file while the store works: by SQLite itself, page by page on another thread. What is written meanwhile
 * through the same connection goes into the copy as well, so it is the data as it is at the copy's end, with no transaction
 * cut in two. With 235 MiB, writers waited 16 ms at most.
 *
 * It lies beside the data until it has been read, and nobody else reads that folder.
 */
import { closeSync, createReadStream, openSync, rmSync } from 'node:fs';
import { rm, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { JobschedError } from '../../errors.ts';
import type { Backup } from '../backup.ts';

/** Pages at a time: 1 MiB, some milliseconds in which the store waits. */
const RATE = 256;
/** What has to stay free beside the copy, in bytes, so that the store itself can go on. */
const SPARE = 100 * 1_024 * 1_024;
/** How often a copy is tried again that failed without an error. */
const TRIES = 5;

/** One at a time: each takes as much room as the data. */
export class Backups {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #copy: string;
  readonly #report: (fault: unknown) => void;
  #isThere = false;

  /** @param report takes why a copy could not be removed. */
  constructor(db: DatabaseSync, file: string, report: (fault: unknown) => void) {
    this.#db = db;
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
      const bytes = await copyAll(this.#db, this.#file, this.#copy);
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
async function copyAll(db: DatabaseSync, file: string, copy: string): Promise<number> {
  // One that could not be removed.
  await rm(copy, { force: true });
  await requireRoom(file);
  await copyPages(db, copy);
  makePlain(copy);
  return (await stat(copy)).size;
}

/** Another try each time that nothing was wrong: of 10,000 copies under load, Node gives up one or two of which SQLite has no error. */
async function copyPages(db: DatabaseSync, copy: string): Promise<void> {
  for (let left = TRIES; ; left--) {
    closeSync(openSync(copy, 'wx', 0o600));
    try {
      await backup(db, copy, { rate: RATE });
      return;
    } catch (error) {
      if (left === 0 || !isNoError(error)) throw error;
      await rm(copy, { force: true });
    }
  }
}

/** Node reports what the copy's connection says, and that one says `not an error`: something passed between the two. */
function isNoError(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 0;
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

async function requireRoom(file: string): Promise<void> {
  const [{ size }, { bavail, bsize }] = await Promise.all([stat(file), statfs(dirname(file))]);
  const free = bavail * bsize;
  if (free >= size + SPARE) return;
  const mib = (bytes: number): string => `${Math.ceil(bytes / 1_024 / 1_024).toLocaleString('en')} MiB`;
  throw new JobschedError(
    'engine_full',
    `A backup needs ${mib(size + SPARE)} beside ${file} while it is made, and ${mib(free)} are free.`,
    { hint: 'Make room on that disk.' },
  );
}
