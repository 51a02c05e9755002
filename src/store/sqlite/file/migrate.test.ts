import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { migrate, userVersion, type Migration } from './migrate.ts';

const FIRST: Migration = { version: 1, name: 'first', sql: 'CREATE TABLE a (x)' };
const SECOND: Migration = { version: 2, name: 'second', sql: 'CREATE TABLE b (x); INSERT INTO a VALUES (2)' };
const BREAKS: Migration = { version: 2, name: 'second', sql: 'CREATE TABLE b (x); INSERT INTO nowhere VALUES (2)' };

let db: DatabaseSync;
const tables = (): unknown[] =>
  db
    .prepare('SELECT name FROM sqlite_schema ORDER BY name')
    .all()
    .map((row) => row['name']);

beforeEach(() => {
  db = new DatabaseSync(':memory:');
});

describe('migrate', () => {
  it('goes through all of them, and only once', () => {
    migrate(db, [FIRST], 'f');
    migrate(db, [FIRST, SECOND], 'f');
    migrate(db, [FIRST, SECOND], 'f');
    expect(userVersion(db)).toBe(2);
    expect(db.prepare('SELECT x FROM a').all()).toEqual([{ x: 2 }]);
  });

  it('leaves the version before, whole, when one breaks off, and goes on from there', () => {
    expect(() => migrate(db, [FIRST, BREAKS], 'f')).toThrow('nowhere');
    expect([userVersion(db), tables(), db.isTransaction]).toEqual([1, ['a'], false]);
    migrate(db, [FIRST, SECOND], 'f');
    expect([userVersion(db), tables()]).toEqual([2, ['a', 'b']]);
  });

  it('refuses what it does not know', () => {
    migrate(db, [FIRST, SECOND], 'f');
    expect(() => migrate(db, [FIRST], '/data/f')).toThrow(
      expect.objectContaining({ code: 'data_newer', message: expect.stringContaining('/data/f') as unknown }),
    );
  });
});
