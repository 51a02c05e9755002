import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { APPLICATION_ID, connect } from './connection.ts';
import { MIGRATIONS } from '../generated/migrations.ts';

let folder: TemporaryFolder;
let file: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'data', 'jobsched.db');
});

afterEach(() => folder.remove());

/** Another program's database. */
function foreign(sql: string): Buffer {
  mkdirSync(dirname(file));
  const db = new DatabaseSync(file);
  db.exec(sql);
  db.close();
  return readFileSync(file);
}

describe('connect', () => {
  it('makes a folder and a file that are their owner’s alone', () => {
    const db = connect(file);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    db.close();
  });

  it('sets what durability needs', () => {
    const db = connect(file);
    const pragma = (name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    expect(['journal_mode', 'synchronous', 'foreign_keys', 'locking_mode', 'application_id'].map(pragma)).toEqual([
      'wal',
      2,
      1,
      'exclusive',
      APPLICATION_ID,
    ]);
    db.close();
  });

  it('tells a second process that the data is in use', async () => {
    const script = `
      import { connect } from ${JSON.stringify(join(import.meta.dirname, 'connection.ts'))};
      connect(${JSON.stringify(file)});
      process.stdout.write('open');
      process.stdin.resume();`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      await once(other.stdout, 'data');
      expect(() => connect(file)).toThrow(
        expect.objectContaining({
          code: 'data_in_use',
          message: expect.stringContaining(file) as unknown,
          hint: expect.any(String) as unknown,
        }),
      );
    } finally {
      const gone = once(other, 'exit');
      other.kill('SIGKILL');
      await gone;
    }
    connect(file).close();
  });

  it('tells a second opening in this process the same', () => {
    const db = connect(file);
    expect(() => connect(file)).toThrow(expect.objectContaining({ code: 'data_in_use' }));
    db.close();
  });

  it.each<[string, () => void]>([
    ['a folder in place of the file', () => mkdirSync(file, { recursive: true })],
    ['a file in place of the folder', () => writeFileSync(dirname(file), '')],
  ])('tells of %s', (_what, make) => {
    make();
    expect(() => connect(file)).toThrow(
      expect.objectContaining({ code: 'data_unwritable', message: expect.stringContaining(file) as unknown }),
    );
  });

  it.skipIf(!canMount())('tells of a read-only file system', () => {
    connect(file).close();
    execFileSync('mount', ['--bind', dirname(file), dirname(file)]);
    try {
      execFileSync('mount', ['-o', 'remount,bind,ro', dirname(file)]);
      expect(() => connect(file)).toThrow(expect.objectContaining({ code: 'data_unwritable' }));
    } finally {
      execFileSync('umount', [dirname(file)]);
    }
  });

  it.each(MIGRATIONS.slice(0, -1))('takes the data of version $version on', ({ version }) => {
    const older = connect(file, MIGRATIONS.slice(0, version));
    older.exec(
      `INSERT INTO jobs (id, type, definition, status, created_at, updated_at, version_at)
       VALUES ('a', 'once', '{}', 'pending', 1, 1, 1)`,
    );
    older.close();
    const db = connect(file);
    expect(db.prepare('SELECT id, ending FROM jobs').all()).toEqual([{ id: 'a', ending: 0 }]);
    db.close();
  });

  it('leaves the data of a newer version as it is', () => {
    connect(file, [
      ...MIGRATIONS,
      { version: MIGRATIONS.length + 1, name: 'later', sql: 'CREATE TABLE later (x)' },
    ]).close();
    const before = readFileSync(file);
    expect(() => connect(file)).toThrow(
      expect.objectContaining({
        code: 'data_newer',
        message: expect.stringContaining(`${MIGRATIONS.length + 1}`) as unknown,
      }),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each(['CREATE TABLE t (x)', 'PRAGMA application_id = 7', 'PRAGMA user_version = 3'])(
    'leaves the database of another program as it is: %s',
    (sql) => {
      const before = foreign(sql);
      expect(() => connect(file)).toThrow(expect.objectContaining({ code: 'data_damaged' }));
      expect(readFileSync(file).equals(before)).toBe(true);
    },
  );

  it('leaves what is no database as it is', () => {
    mkdirSync(dirname(file));
    writeFileSync(file, 'Dear diary, today I was opened by a scheduler. '.repeat(100));
    const before = readFileSync(file);
    expect(() => connect(file)).toThrow(expect.objectContaining({ code: 'data_damaged' }));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('tells of a database with a broken page', () => {
    connect(file).close();
    const bytes = readFileSync(file);
    bytes.fill(0xff, 100, 4_096);
    writeFileSync(file, bytes);
    expect(() => connect(file)).toThrow(expect.objectContaining({ code: 'data_damaged' }));
  });

  it('opens again what it closed', () => {
    connect(file).close();
    const db = connect(file);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
    rmSync(file);
  });
});

function canMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && mounts();
}

/** Root in a container may not be allowed to. */
function mounts(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
