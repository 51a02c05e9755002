import { copyFileSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../../test/support/clock.ts';
import { newJob, onceDefinition } from '../../../../test/support/definitions.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { verifyBackup } from './backup-file.ts';
import { restoreBackup } from './restore.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import type { Store } from '../../store.ts';

let folder: TemporaryFolder;
let file: string;
let copy: string;
let store: Store;
const big = onceDefinition({ command: 'x'.repeat(60_000) });

beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'jobsched.db');
  copy = join(folder.path, 'copy');
  store = await openSqliteStore({ file, clock: fakeClock() });
  await store.createJobs(
    Array.from({ length: 50 }, () => newJob(big)),
    null,
  );
});

afterEach(async () => {
  await store.close();
  await folder.remove();
});

async function fetched(): Promise<void> {
  const backup = await store.backup();
  if (backup === null) throw new Error('there is none');
  await writeFile(copy, backup.read());
  expect(statSync(copy).size).toBe(backup.bytes);
  await backup.close();
}

/** How many jobs the file has, opened as a daemon does. */
async function jobsIn(path: string): Promise<number> {
  const opened = await openSqliteStore({ file: path, clock: fakeClock() });
  const { runs } = await opened.counts();
  await opened.close();
  return runs.pending;
}

describe('a backup', () => {
  it('is made while others write all the time, of which it holds none by half', async () => {
    const small = onceDefinition({ command: 'true' });
    let written = 0;
    const over = new AbortController();
    const writers = Array.from({ length: 8 }, async () => {
      for (; !over.signal.aborted; written++) await store.createJobs([newJob(small), newJob(small)], null);
    });
    try {
      // Ten, since one alone may be lucky, and never meet an open transaction.
      for (let made = 0; made < 10; made++) await fetched();
    } finally {
      over.abort();
      await Promise.all(writers);
    }
    expect(written).toBeGreaterThan(0);
    verifyBackup(copy);
    expect((await jobsIn(copy)) % 2).toBe(0);
    expect(existsSync(`${file}.backup`)).toBe(false);
  });

  it('is made one at a time, and is its owner’s alone', async () => {
    const first = await store.backup();
    expect(statSync(`${file}.backup`).mode & 0o777).toBe(0o600);
    await expect(store.backup()).rejects.toMatchObject({ code: 'too_many_requests' });
    await first?.close();
    await fetched();
  });

  it('that a killed process left is removed by the next that opens the data', async () => {
    await store.close();
    writeFileSync(`${file}.backup`, 'a half');
    store = await openSqliteStore({ file, clock: fakeClock() });
    expect(existsSync(`${file}.backup`)).toBe(false);
  });

  it('that cannot be removed is told of, and the next is made when it can', async () => {
    const faults: unknown[] = [];
    await store.close();
    store = await openSqliteStore({ file, clock: fakeClock(), report: (fault) => void faults.push(fault) });
    const backup = await store.backup();
    rmSync(`${file}.backup`);
    mkdirSync(`${file}.backup`);
    await backup?.close();
    expect(faults).toMatchObject([{ code: 'ERR_FS_EISDIR' }]);
    rmdirSync(`${file}.backup`);
    await fetched();
  });
});

describe('restoring', () => {
  it('puts it where nothing was', async () => {
    await fetched();
    const elsewhere = join(folder.path, 'elsewhere.db');
    writeFileSync(`${elsewhere}-wal`, 'a log of something else');
    expect(restoreBackup(copy, elsewhere)).toBeNull();
    expect(await jobsIn(elsewhere)).toBe(50);
  });

  it('keeps what was there, with what a killed daemon had only in its log', async () => {
    await fetched();
    const killed = join(folder.path, 'killed.db');
    await store.createJobs([newJob(big)], null);
    copyFileSync(file, killed);
    copyFileSync(`${file}-wal`, `${killed}-wal`);
    const kept = join(folder.path, 'before-restore', 'killed.db');
    expect(restoreBackup(copy, killed)).toBe(kept);
    expect(await jobsIn(killed)).toBe(50);
    expect(await jobsIn(kept)).toBe(51);
  });

  it('leaves data alone that a daemon has open', async () => {
    await fetched();
    expect(() => restoreBackup(copy, file)).toThrow(expect.objectContaining({ code: 'data_in_use' }) as Error);
    expect(await store.createJobs([newJob(big)], null)).toMatchObject([{ status: 'created' }]);
  });

  it('takes the place of what is damaged', async () => {
    await fetched();
    const broken = join(folder.path, 'broken.db');
    writeFileSync(broken, 'no database at all');
    const kept = join(folder.path, 'before-restore', 'broken.db');
    expect(restoreBackup(copy, broken)).toBe(kept);
    expect(await jobsIn(broken)).toBe(50);
    expect(readFileSync(kept, 'utf8')).toBe('no database at all');
  });

  it.each<[string, string, (path: string) => void]>([
    ['no database', 'data_damaged', (path) => writeFileSync(path, 'no database at all, and never was one of any kind')],
    ['another program’s', 'data_damaged', (path) => sql(path, 'PRAGMA application_id = 1')],
    ['of a newer jobsched', 'data_newer', (path) => sql(path, 'PRAGMA user_version = 9999')],
    ['broken within', 'data_damaged', breakWithin],
  ])('refuses one that is %s, and changes nothing', async (_, code, spoil) => {
    await fetched();
    spoil(copy);
    const old = join(folder.path, 'old.db');
    writeFileSync(old, 'what was there');
    expect(() => restoreBackup(copy, old)).toThrow(expect.objectContaining({ code }) as Error);
    expect(readFileSync(old, 'utf8')).toBe('what was there');
    expect(existsSync(`${old}.restoring`)).toBe(false);
  });
});

function sql(path: string, text: string): void {
  const db = new DatabaseSync(path);
  db.exec(text);
  db.close();
}

/** Some pages in its middle. */
function breakWithin(path: string): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, 16_384, 65_536);
  writeFileSync(path, bytes);
}
