/** `backup` of a standalone that runs, and `restore` for one that is started afterwards. */
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { fakeServer, stream } from '../support/fake-server.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { runProgram, startProgram, type Ran } from '../support/program.ts';
import { startStandalone, type Standalone } from '../support/standalone.ts';

let folder: TemporaryFolder;
let server: Standalone;
beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'data'));
  server = await startStandalone({ folder: join(folder.path, 'data') });
  await jobsched('submit', '--name', 'told', '--wait', 'echo told');
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await folder.remove();
});

const jobsched = (...args: readonly string[]): Promise<Ran> =>
  runProgram(args, { server: server.url, cwd: folder.path });

/** Each starts many processes, one after the other. */
describe('a backup', { timeout: 90_000 }, () => {
  test('there and back, with the output', async () => {
    const made = await jobsched('backup', 'one.backup');
    expect(made).toMatchObject({ stderr: '', code: 0 });
    expect(made.stdout).toMatch(/^wrote one\.backup · .* · checked\n$/);
    expect((await stat(join(folder.path, 'one.backup'))).mode & 0o777).toBe(0o600);
    // Again: over the one before.
    expect(await jobsched('backup', 'one.backup')).toMatchObject({ code: 0 });

    const restored = await jobsched('restore', 'one.backup', '--data-dir', 'other');
    expect(restored).toMatchObject({ stdout: 'restored other/jobsched.db\n', stderr: '', code: 0 });
    await using other = await startStandalone({ folder: join(folder.path, 'other') });
    expect((await runProgram(['logs', 'told'], { server: other.url })).stdout).toBe('told\n');
    await using client = { ...createClient({ server: other.url }), [Symbol.asyncDispose]: () => client.close() };
    expect(await Array.fromAsync(client.audit({ action: 'backup.create' }))).toMatchObject([{ who: 'local' }]);
  });

  test('a folder that is not there', async () => {
    expect(await jobsched('backup', 'gone/b1')).toMatchObject({
      stderr: 'error: gone/b1 cannot be written: its folder is not there\n',
      code: 1,
    });
  });

  test('data that is there, and data that is in use', async () => {
    await jobsched('backup', 'two.backup');
    // Before anything else that is wrong too.
    for (const words of [['two.backup', '--force'], ['nothing']]) {
      const used = await jobsched('restore', ...words, '--data-dir', 'data');
      expect(used).toMatchObject({ stdout: '', code: 1 });
      expect(used.stderr).toMatch(/^error: Another jobsched has data\/jobsched\.db open\.\n {2}Stop the other one/);
    }
    expect((await jobsched('list', '-o', 'id')).code).toBe(0);

    await jobsched('restore', 'two.backup', '--data-dir', 'again');
    const there = await jobsched('restore', 'two.backup', '--data-dir', 'again');
    expect(there).toMatchObject({ stdout: '', code: 2 });
    expect(there.stderr).toMatch(/^error: there is data in again already\n {2}With --force /);
    expect((await jobsched('restore', 'two.backup', '--data-dir', 'again', '--force')).stdout).toBe(
      'restored again/jobsched.db · what was there is again/before-restore/jobsched.db\n',
    );
  });

  test('what is no backup, here and there', async () => {
    await writeFile(join(folder.path, 'letter'), 'Dear reader');
    expect(await jobsched('backup', 'letter')).toMatchObject({ stdout: '', code: 2 });
    expect(await readFile(join(folder.path, 'letter'), 'utf8')).toBe('Dear reader');
    const { ino } = await stat(join(folder.path, 'data/jobsched.db'));
    const ofData = await jobsched('backup', 'data/jobsched.db');
    expect(ofData).toMatchObject({ stdout: '', code: 2 });
    expect(ofData.stderr).toMatch(
      /jobsched\.db is there, and is no backup: it has a log beside it, as data in use has\n/,
    );
    expect((await stat(join(folder.path, 'data/jobsched.db'))).ino).toBe(ino);
    expect(await jobsched('restore', 'letter', '--data-dir', 'none')).toEqual({
      stdout: '',
      stderr:
        'error: letter is no backup of jobsched: it is no SQLite database\n' +
        '  Name a file that `jobsched backup` wrote.\n',
      code: 2,
    });
    expect(await jobsched('restore', 'nothing', '--data-dir', 'none')).toMatchObject({ stdout: '', code: 2 });
    expect(await jobsched('backup', 'no/folder/here')).toMatchObject({ stdout: '', code: 1 });
  });

  test('a fetch that breaks, or is killed, leaves the one before', async () => {
    const old = join(folder.path, 'old.backup');
    await jobsched('backup', 'old.backup');
    const before = await readFile(old);
    await using breaking = await fakeServer(stream('SQLite format 3\0 and', 'break'));
    const broken = await runProgram(['backup', old], { server: breaking.url });
    expect(broken).toMatchObject({ stdout: '', code: 5 });
    await using short = await fakeServer(stream('SQLite format 3\0 and', 'end'));
    expect(await runProgram(['backup', old], { server: short.url })).toMatchObject({ stdout: '', code: 1 });
    await using slow = await fakeServer(stream('SQLite format 3\0 and', 'stay'));
    // Nobody is told when a file grows; `-` writes what the file gets.
    {
      await using sent = startProgram(['backup', '-'], { server: slow.url });
      await using _killed = startProgram(['backup', old], { server: slow.url });
      if (sent.process.stdout) await Promise.race([once(sent.process.stdout, 'data'), sent.ended]);
    }
    expect((await readFile(old)).equals(before)).toBe(true);
  });
});
