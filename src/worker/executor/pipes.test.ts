import { readdirSync, writeSync } from 'node:fs';
import { open, readdir, readlink, type FileHandle } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../../test/support/folder.ts';
import { closePipe, makeUnbreakablePipe, PipePool } from './pipes.ts';

let folder: TemporaryFolder;
let file: FileHandle;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = await open(`${folder.path}/file`, 'w');
});
afterEach(async () => {
  await file.close();
  await folder.remove();
});

describe('pipes', () => {
  it('are made in the first folder that takes them, and leave nothing there', async () => {
    const pool = new PipePool([`${folder.path}/missing`, `${folder.path}/file`, folder.path]);
    const pipe = pool.take();
    expect(writeSync(pipe.writeEnd, 'x')).toBe(1);
    closePipe(pipe);
    pool.close();
    closePipe(makeUnbreakablePipe([`${folder.path}/missing`, folder.path]));
    expect(await readdir(folder.path)).toEqual(['file']);
  });

  it('are made ahead while some are left, and not after the pool was closed', async () => {
    const pool = new PipePool([folder.path]);
    const taken = Array.from({ length: 41 }, () => pool.take());
    // More are being made: in this turn they cannot be ready.
    expect(readdirSync(folder.path)).toHaveLength(2);
    await vi.waitFor(async () => expect(await readdir(folder.path)).toEqual(['file']));
    taken.push(...Array.from({ length: 64 }, () => pool.take()));
    pool.close();
    await vi.waitFor(async () => expect(await readdir(folder.path)).toEqual(['file']));
    for (const pipe of taken) closePipe(pipe);
    const open = await readdir('/proc/self/fd');
    const links = await Promise.all(open.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
    expect(links.filter((link) => link.startsWith(folder.path))).toEqual([`${folder.path}/file`]);
  });

  it('cannot be made where no folder takes them, and the first one says why', () => {
    const pool = new PipePool([`${folder.path}/missing`, `${folder.path}/file`]);
    expect(() => pool.take()).toThrow(/ENOENT/);
  });
});
