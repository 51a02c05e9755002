/** A restore that somebody comes between: a daemon that starts, or a kill after any of its steps. */
import type * as Fs from 'node:fs';
import { chmodSync, copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../../test/support/folder.ts';
import { connect } from './connection.ts';
import { keptAs, notABackup, notForABackup, requireUnused, restoreBackup } from './restore.ts';

/** What happens before each change of a folder, and after each opening of a file. */
const between = vi.hoisted(() => ({ change: (): void => undefined, opened: (): void => undefined }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof Fs>();
  const steps = ['copyFileSync', 'chmodSync', 'chownSync', 'linkSync', 'renameSync', 'rmSync'] as const;
  const wrapped = steps.map((name) => {
    const step = real[name] as (...words: unknown[]) => void;
    const watched = (...words: unknown[]): void => {
      between.change();
      step(...words);
    };
    return [name, watched] as const;
  });
  return { ...real, ...Object.fromEntries(wrapped) };
});

vi.mock('node:sqlite', async (original) => {
  const real = await original<typeof Sqlite>();
  class Watched extends real.DatabaseSync {
    constructor(...words: ConstructorParameters<typeof real.DatabaseSync>) {
      super(...words);
      between.opened();
    }
  }
  return { ...real, DatabaseSync: Watched };
});

const IN_USE = expect.objectContaining({ code: 'data_in_use' }) as Error;

let folder: TemporaryFolder;
let file: string;
let backup: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'jobsched.db');
  backup = join(folder.path, 'backup');
  write(backup, 'backup');
});

afterEach(async () => {
  alone();
  await folder.remove();
});

/** From here on nobody comes between. */
function alone(): void {
  between.change = () => undefined;
  between.opened = () => undefined;
}

/** Data of jobsched's, with a mark to know it by. */
function write(path: string, mark: string): void {
  const db = connect(path);
  db.exec(`CREATE TABLE "mark ${mark}" (x); PRAGMA journal_mode = DELETE`);
  db.close();
}

/** Whose the data is; null where there is none. */
function markOf(path: string): string | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const db = new DatabaseSync(path);
  try {
    const name = db.prepare("SELECT name FROM sqlite_schema WHERE name LIKE 'mark %'").get()?.['name'];
    return String(name).slice('mark '.length);
  } finally {
    db.close();
  }
}

/** What stands at a file's beginning; empty where there is nothing. */
function beginningOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return '';
  return /^(?:damaged|its log|earlier)/.exec(readFileSync(path, 'latin1'))?.[0] ?? 'other';
}

describe('a daemon that starts meanwhile', () => {
  it.each(['nothing', 'old'])('is told that the data is in use, where there was %s', (before) => {
    if (before === 'old') write(file, 'old');
    let tries = 0;
    let first: number | null = null;
    between.change = () => {
      const { ino } = statSync(file);
      if ((first ??= ino) !== ino) return;
      tries += 1;
      expect(() => connect(file)).toThrow(IN_USE);
    };
    expect(restoreBackup(backup, file)).toBe(before === 'old');
    alone();
    expect(tries).toBeGreaterThan(2);
    expect(markOf(file)).toBe('backup');
  });

  it('is told so too when what it opened is no longer what has the name', () => {
    write(file, 'old');
    between.opened = () => {
      alone();
      restoreBackup(backup, file);
    };
    expect(() => connect(file)).toThrow(IN_USE);
    expect([markOf(file), markOf(keptAs(file))]).toEqual(['backup', 'old']);
  });
});

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

  it('and a broken one, are told of under the name they were given', () => {
    writeFileSync(backup, readFileSync(backup).fill(7, 100));
    expect(() => restoreBackup(backup, file)).toThrow(
      expect.objectContaining({
        code: 'data_damaged',
        message: `${backup} is not what jobsched writes: it is a broken database.`,
        hint: 'Take another backup. Nothing has been changed.',
      }) as Error,
    );
    expect(markOf(file)).toBeNull();
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

describe('a restore', () => {
  it('that fails leaves nothing where nothing was', () => {
    const db = new DatabaseSync(backup);
    db.exec('PRAGMA application_id = 1');
    db.close();
    expect(() => restoreBackup(backup, file)).toThrow(expect.objectContaining({ code: 'data_damaged' }) as Error);
    expect(markOf(file)).toBeNull();
  });

  it.each([0o644, 0o444])('leaves data that is its owner’s alone, of a backup with the mode %o', (mode) => {
    chmodSync(backup, mode);
    restoreBackup(backup, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('that was killed in its last step, and is typed again, does not lose what was there before', () => {
    write(file, 'old');
    between.change = () => {
      const keeping = statSync(`${file}.keeping`, { throwIfNoEntry: false });
      if (keeping !== undefined && keeping.ino !== statSync(file).ino) throw new Error('killed');
    };
    expect(() => restoreBackup(backup, file)).toThrow('killed');
    alone();
    expect(restoreBackup(backup, file)).toBe(true);
    expect([markOf(keptAs(file)), markOf(`${file}.before-killed-restore`)]).toEqual(['backup', 'old']);
  });

  it('of damaged data puts its log beside no other file, after whichever step it is killed', () => {
    let isDone = false;
    for (let steps = 0; !isDone; steps += 1) {
      const path = join(folder.path, `${steps}.db`);
      const write = (name: string, text: string): void => writeFileSync(name, text.repeat(1_000));
      write(path, 'damaged');
      write(keptAs(path), 'earlier');
      let left = steps;
      between.change = () => {
        // SQLite takes away what it makes nothing of, and only leaves what it cannot write.
        if (left === steps) write(`${path}-wal`, 'its log');
        if (left === 0) throw new Error('killed');
        left -= 1;
      };
      try {
        restoreBackup(backup, path);
        isDone = true;
      } catch (error) {
        expect(error).toMatchObject({ message: 'killed' });
      }
      alone();
      const names = [path, keptAs(path), `${path}.keeping`];
      const pairs = names.map((name) => [beginningOf(name), beginningOf(`${name}-wal`)].join());
      const withLog = pairs.filter((pair) => pair.endsWith(',its log'));
      expect(withLog).toEqual([expect.stringMatching(/^(?:damaged)?,/)]);
      expect(pairs.some((pair) => pair.startsWith('damaged,'))).toBe(true);
    }
    expect([keptAs(join(folder.path, '0.db'))].map(beginningOf)).toEqual(['earlier']);
  });

  it('of what an earlier one kept loses nothing, after whichever step it is killed', () => {
    let isDone = false;
    const [old, kept] = [join(folder.path, 'old'), join(folder.path, 'kept')];
    write(old, 'old');
    write(kept, 'kept');
    for (let steps = 0; !isDone; steps += 1) {
      const path = join(folder.path, `${steps}.db`);
      copyFileSync(old, path);
      copyFileSync(kept, keptAs(path));
      let left = steps;
      between.change = () => {
        if (left === 0) throw new Error('killed');
        left -= 1;
      };
      try {
        restoreBackup(keptAs(path), path);
        isDone = true;
      } catch (error) {
        expect(error).toMatchObject({ message: 'killed' });
      }
      alone();
      expect(['old', 'kept']).toContain(markOf(path));
      const names = [path, keptAs(path)].map(markOf);
      expect(names).toContain('kept');
      // Killed within the exchange: what was there has a name of its own still.
      if (!names.includes('old')) expect(markOf(`${path}.keeping`)).toBe('old');
    }
    expect(isDone).toBe(true);
  });
});
