/**
 * Overlap: what happens when a job's slot comes while a run of it is still live.
 *
 * A run is *live* while it is queued, running, or waiting for its retry; one that waits for its turn is not. Unless the
 * policy is `allow`, a job has at most one live run, but for those that a person forces.
 */
export type Overlap =
  /** The slot is skipped. */
  | 'skip'
  /** The run waits for its turn: up to {@link MOST_WAITING} of them, then slots are skipped. */
  | 'queue'
  /** The live run is ended and the new one waits for that end. */
  | 'replace'
  /** Any number at once. */
  | 'allow';

export const OVERLAPS = ['skip', 'queue', 'replace', 'allow'] as const satisfies readonly Overlap[];

/** How many runs of one job may wait for their turn under `queue`. */
export const MOST_WAITING = 100;

/** What the gate decides for one new run. */
export type Admission =
  /** Into its queue, now. */
  | { readonly kind: 'admit' }
  /** It waits for its turn; whatever ends the last live run admits the oldest. */
  | { readonly kind: 'wait' }
  /**
   * It waits for its turn, and every live or waiting run before it is ended: a running one is flagged, a pending one is
   * cancelled when it has been attempted, else skipped.
   */
  | { readonly kind: 'replace' }
  | { readonly kind: 'skip'; readonly reason: 'overlap' | 'overlap_full' };

/** The gate itself, for a run from a slot and for one by hand alike. */
export function admit(policy: Overlap, live: number, waiting: number): Admission {
  if (policy === 'allow' || (live === 0 && waiting === 0)) return { kind: 'admit' };
  if (policy === 'skip') return { kind: 'skip', reason: 'overlap' };
  if (policy === 'replace') return { kind: 'replace' };
  return waiting < MOST_WAITING ? { kind: 'wait' } : { kind: 'skip', reason: 'overlap_full' };
}
