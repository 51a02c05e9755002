/** Backups on a disk that fills up. How much room it has is told by the test. */
import type * as Fs from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { fakeClock } from '../../../../test/support/clock.ts';
import { newJob, onceDefinition } from '../../../../test/support/definitions.ts';
import { temporaryFolder } from '../../../../test/support/folder.ts';
import { openSqliteStore } from '../sqlite-store.ts';

const PLENTY = 1_024 * 1_024 * 1_024;

const disk = vi.hoisted(() => ({ freeBytes: (): number => 0 }));
vi.mock('node:fs', async (original) => ({
  ...(await original<typeof Fs>()),
  statfsSync: () => ({ bavail: disk.freeBytes(), bsize: 1 }),
}));

it.each([
  { when: 'at its beginning', answers: [0] },
  { when: 'while it is made', answers: [PLENTY, 0] },
])(
  'a backup that finds too little room $when is refused, leaves nothing, and the store goes on',
  async ({ answers }) => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'jobsched.db');
    const store = await openSqliteStore({ file, clock: fakeClock() });
    const create = (): Promise<unknown> =>
      store.createJobs(
        Array.from({ length: 50 }, () => newJob(onceDefinition({ command: 'x'.repeat(60_000) }))),
        null,
      );
    await create();

    let asked = 0;
    disk.freeBytes = () => answers[asked++] ?? 0;
    await expect(store.backup()).rejects.toMatchObject({
      code: 'engine_full',
      message: expect.stringMatching(/^A backup needs \d+ MiB beside .*, and 0 MiB are free\.$/) as unknown,
      hint: 'Make room on that disk.',
    });
    expect(asked).toBe(answers.length);
    expect(existsSync(`${file}.backup`)).toBe(false);

    await create();
    expect((await store.counts()).runs.pending).toBe(100);
    disk.freeBytes = () => PLENTY;
    await (await store.backup())?.close();
    await store.close();
  },
);
