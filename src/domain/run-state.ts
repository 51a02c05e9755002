/**
 * The states of a run and the only moves between them.
 *
 *   fired, submitted, triggered ──► pending ──claim──► running ──► succeeded | failed | cancelled
 *   policy said no ──► skipped        │  ▲                │
 *                                     │  └─retry, release─┘
 *                                     └──► cancelled | skipped
 *
 * Both stores ask `move` before they write; a property test sends random calls and checks every step against it.
 * Cancelling a running run sets a flag, no state: a flagged run never goes back to `pending`.
 */
import type { RunStatus } from './run.ts';

/** Named for what happens, as the store's methods are. */
export type RunEvent =
  | 'claim'
  | 'succeed'
  | 'fail'
  /** An attempt failed and another follows. */
  | 'retry'
  /** A draining worker gives back a run whose child it had not started. */
  | 'release'
  /** An attempt of a flagged run ended, however it ended but well; or a pending run was cancelled. */
  | 'cancel'
  /** A newer run took the place of one that had never been attempted. */
  | 'skip'
  /** A failover made the engine forget a claim: its worker, with the higher fence, takes the run up again. */
  | 'adopt';

const MOVES = {
  pending: { claim: 'running', adopt: 'running', cancel: 'cancelled', skip: 'skipped' },
  running: {
    succeed: 'succeeded',
    fail: 'failed',
    retry: 'pending',
    release: 'pending',
    cancel: 'cancelled',
  },
  succeeded: {},
  failed: {},
  cancelled: {},
  skipped: {},
} as const satisfies Record<RunStatus, Partial<Record<RunEvent, RunStatus>>>;

/** Where the event leads from there, or null when it may not happen. */
export function move(from: RunStatus, event: RunEvent): RunStatus | null {
  const moves: Partial<Record<RunEvent, RunStatus>> = MOVES[from];
  return moves[event] ?? null;
}

/** The states a run is born in. */
export const BIRTHS = ['pending', 'skipped'] as const satisfies readonly RunStatus[];

/** Whether nothing leads on from there: running it again makes a new run. */
export function isFinal(status: RunStatus): boolean {
  return Object.keys(MOVES[status]).length === 0;
}

/** Every allowed step, for docs and tests. */
export function allMoves(): readonly { readonly from: RunStatus; readonly event: RunEvent; readonly to: RunStatus }[] {
  return Object.entries(MOVES).flatMap(([from, moves]) =>
    Object.entries(moves).map(([event, to]) => ({ from: from as RunStatus, event: event as RunEvent, to })),
  );
}
