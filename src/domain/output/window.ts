/**
 * What is kept of one attempt's output.
 *
 *   0 ──── head ──── keptFrom ──── total        bytes the child wrote, both streams together
 *   [ kept  )  [ dropped )  [ kept )
 *
 * A quarter of the limit stays from the start, the rest of it rolls along with the end. A byte's offset never changes,
 * and a byte that was dropped never comes back.
 */
export interface Window {
  /** The end of the head. */
  readonly head: number;
  /** Where the tail begins; `head` while nothing had to go. */
  readonly keptFrom: number;
}

/** @param limit the job's `outputLimitBytes`. @param total how much has been written. */
export function outputWindow(limit: number, total: number): Window {
  const head = Math.floor(limit / 4);
  return { head, keptFrom: Math.max(head, total - (limit - head)) };
}
