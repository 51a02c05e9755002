import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../../test/support/clock.ts';
import { newJob, onceDefinition } from '../../../../test/support/definitions.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { engineError } from './engine-error.ts';
import { openSqliteStore } from '../sqlite-store.ts';

let folder: TemporaryFolder;
let disk: string;
let mounted: boolean;

beforeEach(async () => {
  folder = await temporaryFolder();
  disk = join(folder.path, 'disk');
  mkdirSync(disk);
  mounted = mount(disk);
});

afterEach(async () => {
  if (mounted) execFileSync('umount', [disk]);
  await folder.remove();
});

describe('a full disk', () => {
  it('is told as such, damages nothing, and is got over', async ({ skip }) => {
    if (!mounted) skip('only root may mount a small disk');
    const file = join(disk, 'jobsched.db');
    const store = await openSqliteStore({ file, clock: fakeClock() });
    const big = onceDefinition({ command: 'x'.repeat(60_000) });
    const first = newJob(big);
    expect(await store.createJobs([first], null)).toMatchObject([{ status: 'created' }]);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, freeBytes(disk) - 16_384)));
    const refused = newJob(big);
    await expect(store.createJobs([refused], null)).rejects.toMatchObject({
      code: 'engine_full',
      hint: expect.any(String) as unknown,
    });
    expect(await store.findJob(refused.id)).toEqual({ status: 'not_found' });
    expect(await store.findJob(first.id)).toMatchObject({ status: 'found' });
    expect((await store.counts()).runs.pending).toBe(1);
    rmSync(join(disk, 'filler'));
    expect(await store.createJobs([refused], null)).toMatchObject([{ status: 'created' }]);
    expect((await store.counts()).runs.pending).toBe(2);
    await store.close();
    const db = new DatabaseSync(file);
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
  });

  it('is what SQLite says of a file that may not grow', () => {
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE t (x); PRAGMA max_page_count = 2');
    let error: unknown;
    try {
      db.prepare('INSERT INTO t VALUES (zeroblob(?))').run(100_000);
    } catch (caught) {
      error = caught;
    }
    expect(engineError(error, '/data/f')).toMatchObject({ code: 'engine_full', cause: error });
  });

  it('is no bug’s excuse', () => {
    const bug = new TypeError('x is undefined');
    expect(engineError(bug, '/data/f')).toBe(bug);
  });
});

function mount(folder: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
