import { writeSync } from 'node:fs';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

  it('cannot be made where no folder takes them, and the first one says why', () => {
    const pool = new PipePool([`${folder.path}/missing`, `${folder.path}/file`]);
    expect(() => pool.take()).toThrow(/ENOENT/);
  });
});
