/**
 * The short time after a child's exit in which what it wrote is still being read.
 *
 * As a rule both pipes close with the exit and there is nothing to wait for. A grandchild can hold them open: then the
 * drain lasts until nothing has come for {@link QUIET}, and {@link LONGEST} at most.
 */
import type { Millis } from '../../domain/instant.ts';
import type { Capture } from './capture.ts';

const QUIET: Millis = 25;
const LONGEST: Millis = 250;

/** Resolves when the drain is over; the captures are then closed. */
export async function drain(captures: readonly Capture[]): Promise<void> {
  for (let waited = 0; waited < LONGEST && captures.some((capture) => !capture.closed); waited += QUIET) {
    const before = countReads(captures);
    await quietTime();
    if (countReads(captures) === before) break;
  }
  for (const capture of captures) capture.close();
}

/** After the timer one look at the pipes: on a busy machine it may fire before what already lies there was read. */
function quietTime(): Promise<void> {
  return new Promise((resolve) => setTimeout(() => setImmediate(resolve), QUIET));
}

function countReads(captures: readonly Capture[]): number {
  return captures.reduce((sum, capture) => sum + capture.reads, 0);
}
