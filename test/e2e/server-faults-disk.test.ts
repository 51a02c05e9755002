/** A disk that is full under the SQLite file, as people and commands meet it: on a small one of its own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { temporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { untilOutput, untilStatus } from '../support/site.ts';
import { startStandalone } from '../support/standalone.ts';

const FILLS = long ? 20 : 2;
/** More than all fills together may leave: what is in SQLite's log before one can be written over by small jobs. */
const SIZE = '128m';

/** Root may, but not in every container. */
const mayMount = await canMount();

describe.skipIf(!mayMount)(
  `a disk that is full${mayMount ? '' : ' (skipped: nothing may be mounted here)'}`,
  { timeout: long ? 600_000 : 60_000 },
  () => {
    test(`${FILLS} times refuses new jobs and loses none, records every end, and is got over`, async () => {
      await using disk = await smallDisk();
      await using server = await startStandalone({ folder: disk.path });
      const client = createClient({ server: server.url });
      const acknowledged: string[] = [];
      const submit = async (command = 'true'): Promise<string> => {
        const { id } = await client.jobs.create({ command });
        acknowledged.push(id);
        return id;
      };
      for (let fill = 0; fill < FILLS; fill++) {
        // Its end comes while the disk is full.
        const gate = join(disk.outside, `gate-${fill}`);
        const running = await submit(`echo begun; while ! [ -e '${gate}' ]; do sleep 0.05; done; yes | head -c 100000`);
        await untilOutput(client, `${running}.1`);
        disk.fill();
        const refused = await refusal(() => submit(`: ${'x'.repeat(60_000)}`));
        expect(refused).toMatchObject({ code: 'engine_full', message: expect.stringContaining('is full') as unknown });
        expect(refused.hint).toContain('goes on by itself');
        // What is smaller may fit where that one did not.
        const isReady = async (): Promise<boolean> => (await fetch(`${server.url}/readyz`)).status === 200;
        while (await isReady()) expect(await refusal(submit)).toMatchObject({ code: 'engine_full' });
        // People can still look.
        expect((await client.jobs.list({ limit: 10 })).rows.length).toBeGreaterThan(0);
        mkdirSync(gate);
        await server.said('run succeeded');
        disk.empty();
        expect(await untilStatus(client, `${running}.1`, 'succeeded')).toMatchObject({ attempt: 1 });
        while (!(await isReady())) await sleep(50);
        await untilStatus(client, `${await submit()}.1`, 'succeeded');
      }
      const runs = await Array.fromAsync(client.runs.all({ limit: 200 }));
      expect(runs.map((run) => run.job_id).toSorted()).toEqual(acknowledged.toSorted());
      expect(runs.filter(({ status, attempt }) => status !== 'succeeded' || attempt !== 1)).toEqual([]);
      await client.close();
      expect(await server.end('SIGTERM')).toBe(0);
      disk.expectIntact();
    });

    test('takes the end of a run whose output it has no room for, and says that some is missing', async () => {
      await using disk = await smallDisk();
      await using server = await startStandalone({ folder: disk.path });
      const client = createClient({ server: server.url });
      const gate = join(disk.outside, 'gate');
      const { id } = await client.jobs.create({
        command: `echo begun; while ! [ -e '${gate}' ]; do sleep 0.05; done; yes | head -c 3000000; echo ended`,
      });
      await untilOutput(client, `${id}.1`);
      disk.fill(200_000);
      mkdirSync(gate);
      const run = await untilStatus(client, `${id}.1`, 'succeeded');
      expect(run).toMatchObject({ output_truncated: true, attempt: 1 });
      await client.close();
      await server.end('SIGTERM');
      disk.empty();
      disk.expectIntact();
    });
  },
);

/** Asks for more until there is no room: some may still fit in what is left of its pages. */
async function refusal(ask: () => Promise<unknown>): Promise<{ code: string; message: string; hint: string | null }> {
  for (;;) {
    try {
      await ask();
    } catch (error) {
      return error as { code: string; message: string; hint: string | null };
    }
  }
}

interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** A folder that is not on it. */
  readonly outside: string;
  /** @param left so many bytes stay free. */
  fill(left?: number): void;
  empty(): void;
  expectIntact(): void;
}

function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path], { stdio: 'ignore' });
}

async function canMount(): Promise<boolean> {
  await using folder = await temporaryFolder();
  try {
    mount(folder.path);
  } catch {
    return false;
  }
  execFileSync('umount', [folder.path]);
  return true;
}

async function smallDisk(): Promise<SmallDisk> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'disk');
  mkdirSync(path);
  mount(path);
  const filler = join(path, 'filler');
  return {
    path,
    outside: folder.path,
    fill: (left = 0) => {
      const { bavail, bsize } = statfsSync(path);
      try {
        writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - left)));
      } catch (error) {
        // jobsched took some of it meanwhile.
        expect(error).toMatchObject({ code: 'ENOSPC' });
      }
    },
    empty: () => rmSync(filler),
    expectIntact: () => {
      const database = new DatabaseSync(join(path, 'jobsched.db'));
      try {
        expect(database.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
      } finally {
        database.close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      execFileSync('umount', ['-l', path]);
      await folder.remove();
    },
  };
}
