/** From the submit of a command to the first thing that it does: it writes a byte into a pipe that we read. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Between two submits everybody is idle again. */
const PAUSE_MS = 15;

/** @param submit resolves when the command has been taken. @returns milliseconds, one for each. */
export async function timeFirstEffects(count: number, submit: (command: string) => Promise<void>): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'jobsched-bench-'));
  try {
    const path = join(folder, 'pipe');
    spawnSync('mkfifo', [path]);
    // Also for writing, so that it has no end when a command closes it.
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    const pipe = new Socket({ fd, readable: true, writable: false });
    const took: number[] = [];
    for (let sample = 0; sample < count; sample++) {
      await sleep(PAUSE_MS + Math.random() * PAUSE_MS);
      const effect = once(pipe, 'data');
      const began = performance.now();
      const submitted = submit(`echo >${path}`);
      await effect;
      took.push(performance.now() - began);
      await submitted;
    }
    pipe.destroy();
    return took;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
