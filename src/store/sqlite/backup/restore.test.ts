/** A restore that somebody comes between: a daemon that starts, or a kill after any of its steps. */
import type * as Fs from 'node:fs';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { connect } from '../file/connection.ts';
import { isThere, restoreBackup } from './restore.ts';

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
/** What was there before, after a restore. */
let kept: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'jobsched.db');
  backup = join(folder.path, 'backup');
  kept = keptIn(folder.path);
  write(backup, 'backup');
});

afterEach(async () => {
  alone();
  await folder.remove();
});

const keptIn = (data: string): string => join(data, 'before-restore', 'jobsched.db');

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
    expect(restoreBackup(backup, file)).toBe(before === 'old' ? kept : null);
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
    expect([markOf(file), markOf(kept)]).toEqual(['backup', 'old']);
  });
});

describe('a broken backup', () => {
  it('is told of under the name it was given', () => {
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

  it('does not take for data what a killed one left where nothing was', () => {
    between.change = () => {
      throw new Error('killed');
    };
    expect(() => restoreBackup(backup, file)).toThrow('killed');
    alone();
    writeFileSync(file, '');
    expect([isThere(file), restoreBackup(backup, file)]).toEqual([false, null]);
  });

  it.each(['damaged', ''])('of %j keeps that with its log, after whichever steps it is killed', (text) => {
    eachKill((path) => {
      writeFileSync(path, text);
      writeFileSync(`${path}-wal`, 'its log');
      return {
        from: backup,
        check: (found) => {
          expect(['backup', text]).toContain(found.get('jobsched.db'));
          const logs = [...found.keys()].filter((name) => name.endsWith('-wal'));
          const pairs = logs.map((name) => `${found.get(name.slice(0, -'-wal'.length))}, ${found.get(name)}`);
          expect([...new Set(pairs)]).toEqual([`${text}, its log`]);
        },
      };
    });
  });

  it('of what an earlier one kept loses nothing, after whichever steps it is killed', () => {
    const earlier = join(folder.path, 'earlier');
    write(file, 'old');
    write(earlier, 'earlier');
    eachKill((path) => {
      copyFileSync(file, path);
      copyFileSync(earlier, keptIn(dirname(path)));
      return {
        from: keptIn(dirname(path)),
        check: (found) => {
          expect(['old', 'earlier']).toContain(found.get('jobsched.db'));
          expect([...found.values()]).toEqual(expect.arrayContaining(['old', 'earlier']));
        },
      };
    });
  });
});

interface Typed {
  /** The backup. */
  readonly from: string;
  /** @param found whose data, or log, is where in the folder. */
  readonly check: (found: ReadonlyMap<string, string>) => void;
}

/** Killed after each of its steps, killed again when it is typed again, and then left to its end. */
function eachKill(begin: (path: string) => Typed): void {
  let wasKilled = true;
  let first = 0;
  for (; wasKilled; first += 1) {
    const data = join(folder.path, String(first));
    const path = join(data, 'jobsched.db');
    mkdirSync(dirname(keptIn(data)), { recursive: true });
    const { from, check } = begin(path);
    wasKilled = isKilledAfter(first, from, path);
    check(contentsOf(data));
    // Which has more to do than the first, so this is elsewhere.
    isKilledAfter(first, from, path);
    check(contentsOf(data));
    restoreBackup(from, path);
    check(contentsOf(data));
    expect(readdirSync(data)).not.toContain('restoring');
  }
  expect(first).toBeGreaterThan(10);
}

function isKilledAfter(steps: number, from: string, path: string): boolean {
  let left = steps;
  between.change = () => {
    if (left === 0) throw new Error('killed');
    left -= 1;
  };
  try {
    restoreBackup(from, path);
    return false;
  } catch (error) {
    expect(error).toMatchObject({ message: 'killed' });
    return true;
  } finally {
    alone();
  }
}

/** By the names below the folder. */
function contentsOf(path: string): ReadonlyMap<string, string> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(path, name)).isFile());
  return new Map(files.map((name) => [name, contentOf(join(path, name))]));
}

/** What stands at its beginning, or the mark in its schema. */
function contentOf(path: string): string {
  return /^(?:damaged|its log|earlier)|(?<=CREATE TABLE "mark )\w+/.exec(readFileSync(path, 'latin1'))?.[0] ?? '';
}
