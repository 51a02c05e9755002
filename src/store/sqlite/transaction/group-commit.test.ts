import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { GroupCommit, type Effects } from './group-commit.ts';

class Names implements Effects<Names> {
  readonly names: string[] = [];
  add(other: Names): void {
    this.names.push(...other.names);
  }
}

let db: DatabaseSync;
let committed: string[][];
let beforeCommit: () => void;
let afterCommit: () => void;
let reported: unknown[];
let group: GroupCommit<Names>;

beforeEach(() => {
  db = new DatabaseSync(':memory:');
  db.exec('PRAGMA foreign_keys = ON; CREATE TABLE t (name TEXT PRIMARY KEY)');
  db.exec('CREATE TABLE child (name TEXT REFERENCES t (name) DEFERRABLE INITIALLY DEFERRED)');
  committed = [];
  beforeCommit = () => {};
  afterCommit = () => {};
  reported = [];
  group = new GroupCommit(db, {
    newEffects: () => new Names(),
    beforeCommit: () => beforeCommit(),
    afterCommit: ({ names }) => {
      committed.push(names);
      afterCommit();
    },
    report: (fault) => void reported.push(fault),
    translate: (error) => (error instanceof Error ? new Error(`told: ${error.message}`) : error),
  });
});

function insert(name: string): Promise<string> {
  return group.write((effects) => {
    db.prepare('INSERT INTO t VALUES (?)').run(name);
    effects.names.push(name);
    return name;
  });
}

/** After what was to be done in this one. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function stored(): unknown[] {
  return db
    .prepare('SELECT name FROM t ORDER BY name')
    .all()
    .map((row) => row['name']);
}

describe('GroupCommit', () => {
  it('commits the writes of one turn together', async () => {
    expect(await Promise.all(['a', 'b', 'c'].map(insert))).toEqual(['a', 'b', 'c']);
    expect(stored()).toEqual(['a', 'b', 'c']);
    expect(committed).toEqual([['a', 'b', 'c']]);
    await insert('d');
    expect(committed).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('lets one transaction pass at a time, as long as something else is at the connection', async () => {
    group.pause();
    const first = [insert('a'), insert('b')];
    await nextTurn();
    expect(committed).toEqual([]);
    group.letOnePass();
    await Promise.all(first);
    const second = insert('c');
    await nextTurn();
    expect(committed).toEqual([['a', 'b']]);
    group.letOnePass();
    await second;

    // Nothing waits: the next that comes may pass.
    group.letOnePass();
    await insert('d');
    const last = insert('e');
    await nextTurn();
    expect(stored()).not.toContain('e');
    group.resume();
    await last;
    await insert('f');
    expect(committed).toEqual([['a', 'b'], ['c'], ['d'], ['e'], ['f']]);
  });

  it('rolls back alone what throws, and forgets its effects', async () => {
    const results = await Promise.allSettled([
      insert('a'),
      group.write((effects) => {
        db.exec("INSERT INTO t VALUES ('half')");
        effects.names.push('half');
        throw new Error('broken');
      }),
      insert('b'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'told: broken' } });
    expect(stored()).toEqual(['a', 'b']);
    expect(committed).toEqual([['a', 'b']]);
  });

  it('rejects all when the commit fails, writes nothing, and goes on', async () => {
    const orphan = group.write(() => db.exec("INSERT INTO child VALUES ('nobody')"));
    const results = await Promise.allSettled([insert('a'), orphan]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(stored()).toEqual([]);
    expect(committed).toEqual([]);
    expect(db.isTransaction).toBe(false);
    await insert('a');
    expect(stored()).toEqual(['a']);
  });

  it('rejects all when what belongs to the transaction fails', async () => {
    beforeCommit = () => {
      throw new Error('no counters');
    };
    await expect(insert('a')).rejects.toThrow('told: no counters');
    expect(stored()).toEqual([]);
  });

  it('takes nothing back when something goes wrong after the commit', async () => {
    const fault = new Error('a listener threw');
    afterCommit = () => {
      throw fault;
    };
    expect(await insert('a')).toBe('a');
    expect(stored()).toEqual(['a']);
    expect(reported).toEqual([fault]);
  });

  it('rejects all when an operation ends the transaction', async () => {
    const results = await Promise.allSettled([
      insert('a'),
      group.write(() => {
        db.exec('ROLLBACK');
        throw new Error('disk');
      }),
      insert('b'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(stored()).toEqual([]);
  });

  it('tells nobody before it is committed', async () => {
    const order: string[] = [];
    beforeCommit = () => void order.push('commit');
    await Promise.all([insert('a').then(() => order.push('a')), insert('b').then(() => order.push('b'))]);
    expect(order).toEqual(['commit', 'a', 'b']);
  });

  it('takes writes that a settled promise makes into the next transaction', async () => {
    await insert('a').then(() => insert('b'));
    expect(committed).toEqual([['a'], ['b']]);
  });

  it('commits at once when it is told to', async () => {
    const write = insert('a');
    group.flush();
    expect(stored()).toEqual(['a']);
    await write;
    expect(committed).toHaveLength(1);
  });
});
