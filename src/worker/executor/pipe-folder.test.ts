import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, type TemporaryFolder } from '../../../test/support/folder.ts';
import { makePipeFolder, removeAllPipeFolders, removePipeFoldersOfTheDead } from './pipe-folder.ts';

/** Linux gives no process a number beyond 2^22. */
const DEAD = String(2 ** 22 + 1);

let folder: TemporaryFolder;
let mine: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  mine = basename(makePipeFolder(folder.path));
});
afterEach(() => folder.remove());

const left = async (): Promise<string[]> => (await readdir(folder.path)).toSorted();
/** The name of this process's folder, as if another process had made it. */
const madeBy = (pid: string): string => mine.replace(`-${process.pid}-`, `-${pid}-`);

describe.runIf(process.platform === 'linux')('folders of pipes', () => {
  it('go when their process is dead, with what is in them', async () => {
    await mkdir(join(folder.path, madeBy(DEAD)));
    await writeFile(join(folder.path, madeBy(DEAD), '0'), '');
    removePipeFoldersOfTheDead([join(folder.path, 'missing'), folder.path]);
    expect(await left()).toEqual([mine]);
  });

  it('go when their process’s number is another’s by now', async () => {
    await mkdir(join(folder.path, mine.replace(/-[0-9]+-(.{6})$/, '-1-$1')));
    removePipeFoldersOfTheDead([folder.path]);
    expect(await left()).toEqual([mine]);
  });

  it.each([
    ['another boot', (name: string) => name.replace(/pipes-[0-9a-f-]{36}/, `pipes-${randomUUID()}`)],
    ['another container', (name: string) => name.replace(/(pipes-[0-9a-f-]{36})-[0-9]+/, '$1-1')],
    ['nobody', () => 'jobsched-pipes-abcdef'],
  ])('stay when they are of %s', async (_whose, rename) => {
    const name = rename(madeBy(DEAD));
    await mkdir(join(folder.path, name));
    removePipeFoldersOfTheDead([folder.path]);
    expect(await left()).toEqual([mine, name].toSorted());
  });

  it('stay while their process lives, and go when it was killed', async () => {
    const code = `import { makePipeFolder } from ${JSON.stringify(import.meta.resolve('./pipe-folder.ts'))};
      console.log(makePipeFolder(${JSON.stringify(folder.path)})); setInterval(() => {}, 1e6);`;
    const other = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(other, 'exit');
    try {
      const [line] = (await once(other.stdout, 'data')) as [Buffer];
      const its = basename(line.toString().trim());
      removePipeFoldersOfTheDead([folder.path]);
      expect(await left()).toEqual([mine, its].toSorted());
    } finally {
      other.kill('SIGKILL');
    }
    await gone;
    removePipeFoldersOfTheDead([folder.path]);
    expect(await left()).toEqual([mine]);
  });

  it('go all of them where no other process is, but nothing else does', async () => {
    const names = [
      mine.replace(/pipes-[0-9a-f-]{36}/, `pipes-${randomUUID()}`),
      'jobsched-pipes-abcdef',
      'jobsched.db',
    ];
    for (const name of names) await mkdir(join(folder.path, name));
    removeAllPipeFolders(folder.path);
    expect(await left()).toEqual(['jobsched.db']);
    removeAllPipeFolders(join(folder.path, 'missing'));
  });

  it('stay when they are links', async () => {
    await mkdir(join(folder.path, 'other'));
    await symlink('other', join(folder.path, madeBy(DEAD)));
    removePipeFoldersOfTheDead([folder.path]);
    expect(await left()).toEqual([mine, madeBy(DEAD), 'other'].toSorted());
  });
});
