/** Folders for one test. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  remove(): Promise<void>;
}

/** In memory where there is such a place: every commit of a store waits for its disk, and no test is about disks. */
const ROOT = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** An empty folder, mode 0700. Its owner removes it, or binds it with `await using`. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(ROOT, 'jobsched-test-'));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  return { path, remove, [Symbol.asyncDispose]: remove };
}
