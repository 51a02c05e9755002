/** What may be taken for a backup, what a backup may replace, and that a look at data leaves it as it is. */
import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { notABackup, notForABackup } from './backup-file.ts';
import { connect } from '../file/connection.ts';
import { requireUnused } from './restore.ts';

const IN_USE = expect.objectContaining({ code: 'data_in_use' }) as Error;

let folder: TemporaryFolder;
let file: string;
let backup: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'jobsched.db');
  backup = join(folder.path, 'backup');
  const db = connect(backup);
  db.exec('PRAGMA journal_mode = DELETE');
  db.close();
});

afterEach(() => folder.remove());

describe('what is no backup', () => {
  it('is told from one at a glance', () => {
    expect(notABackup(backup)).toBeNull();
    expect(notABackup(folder.path)).toBe('it is a folder');
    writeFileSync(file, '');
    expect(notABackup(file)).toBe('it is empty');
    writeFileSync(file, 'Dear reader');
    expect(notABackup(file)).toBe('it is no SQLite database');
    const other = join(folder.path, 'other');
    const db = new DatabaseSync(other);
    db.exec('CREATE TABLE bookmarks (x)');
    db.close();
    expect(notABackup(other)).toBe('it is the database of another program');
  });
});

describe('the place of a backup', () => {
  it('is that of an earlier one, or of nothing', () => {
    expect(notForABackup(backup)).toBeNull();
    expect(notForABackup(file)).toBeNull();
    writeFileSync(file, '');
    expect(notForABackup(file)).toBeNull();
    writeFileSync(`${file}-wal`, 'its log');
    expect(notForABackup(file)).toBe('it has a log beside it, as data in use has');
  });

  it('is not that of another program’s database, nor of data', () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE bookmarks (x)');
    other.close();
    expect(notForABackup(file)).toBe('it is the database of another program');
    expect(notForABackup(folder.path)).toBe('it is a folder');
    expect(notForABackup('/dev/null')).toBe('it is no plain file');
    const db = connect(backup);
    // Before a daemon has written something.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(notForABackup(backup)).toBe('a jobsched has it open');
    db.close();
    expect(notForABackup(backup)).toBe('it is the data of a jobsched');
  });
});

describe('a look at whether data is in use', () => {
  /** The names in the folder, with what each has in it. */
  const all = (): string[][] =>
    readdirSync(folder.path)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder.path, name), 'base64')]);

  it.each(['data', 'nothing'])('leaves the log that a killed daemon left beside %s', (what) => {
    const killed = join(folder.path, 'killed.db');
    const db = connect(file);
    for (const end of ['', '-wal']) copyFileSync(file + end, killed + end);
    if (what === 'nothing') truncateSync(killed);
    const before = all();
    requireUnused(killed);
    expect(() => requireUnused(file)).toThrow(IN_USE);
    expect(all()).toEqual(before);
    db.close();
  });

  it('leaves the data of a daemon that was stopped as it is', () => {
    connect(file).close();
    const before = all();
    requireUnused(file);
    expect(all()).toEqual(before);
  });
});
