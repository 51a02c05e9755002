/** Processes, as /proc shows them: who carries a mark in its environment. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The ids of all processes whose environment holds `NAME=value` and that are no zombies. */
export async function processesWith(mark: string): Promise<number[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(ids.map((id) => hasMark(id, mark)));
  return ids.filter((_, index) => marked[index]);
}

/** A process that ends meanwhile, or a zombie, has an empty environment or none. */
async function hasMark(id: number, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').includes(mark);
}

/**
 * Waits until nobody carries the mark. The kernel tells only parents of an end, so this looks again and again.
 *
 * @throws Error naming those that are left after `patienceMs`.
 */
export async function untilNoneWith(mark: string, patienceMs = 10_000): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const left = await processesWith(mark);
    if (left.length === 0) return;
    if (performance.now() > end) throw new Error(`still running with ${mark}: ${left.join(', ')}`);
    await sleep(20);
  }
}
