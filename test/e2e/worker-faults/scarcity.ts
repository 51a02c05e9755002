/** A machine that has too little for all that it should run: what cannot be started fails, and says why; the rest runs. */
import { spawnSync } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../../src/client/client.ts';
import { startDaemonProcess } from '../../support/daemon-process.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { untilStatus } from '../../support/site.ts';
import { untilSeen } from '../../support/until-seen.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/jobsched.js', import.meta.url));
/** Of a user that has no other processes: the system counts them by user, and does not count those of root. */
const NOBODY = 54_321;
const AS_NOBODY = ['setpriv', '--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'] as const;
const canBeNobody =
  spawnSync(AS_NOBODY[0], [...AS_NOBODY.slice(1), process.execPath, PROGRAM, '--version']).status === 0;

/** More than there is of anything. */
const RUNS = 100;

/**
 * Runs more commands at once than the machine has room for, and then one more.
 *
 * @param under what it is started by. @param code the system's, for what is missing.
 */
async function expectOnlyWhatHasNoRoomFails(under: readonly [string, ...string[]], code: string): Promise<void> {
  await using folder = await temporaryFolder();
  await chown(folder.path, NOBODY, NOBODY).catch(() => undefined);
  const args = ['standalone', '--port', '0', '--data-dir', join(folder.path, 'data'), '--concurrency', `${RUNS}`];
  const program = [...under, process.execPath, PROGRAM] as const;
  await using standalone = await startDaemonProcess({ folder: folder.path, args, program });
  const client = createClient({ server: standalone.url });
  // One process each: a shell that finds itself without another fails by itself, and that is none of ours.
  await client.jobs.createMany(Array.from({ length: RUNS }, () => ({ command: 'exec sleep 5' })));
  const runs = await untilSeen(client, async () => {
    const all = await Array.fromAsync(client.runs.all());
    return all.every(({ finished_at }) => finished_at !== null) ? all : null;
  });
  expect(runs).toHaveLength(RUNS);
  const failed = runs.filter(({ status }) => status !== 'succeeded');
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(RUNS);
  for (const { reason, detail } of failed) {
    expect({ reason, detail }).toEqual({ reason: 'spawn', detail: expect.stringContaining(`(${code})`) as string });
  }
  const { id } = await client.jobs.create({ command: 'echo hello | cat' });
  await untilStatus(client, `${id}.1`, 'succeeded');
  await client.close();
}

export function scarcity(): void {
  describe.concurrent('a machine that is short', { timeout: 60_000 }, () => {
    it('of files or processes fails runs that it cannot start, with the reason, and no others', async () => {
      await Promise.all([
        expectOnlyWhatHasNoRoomFails(['prlimit', '--nofile=90:90'], 'EMFILE'),
        canBeNobody && expectOnlyWhatHasNoRoomFails(['prlimit', '--nproc=60:60', ...AS_NOBODY], 'EAGAIN'),
      ]);
    });
  });
}
