/** How runs end, or are asked to, without an outcome of their worker. */
import type { CancelReason } from '../../domain/run.ts';
import { idOf, openRunRows, type RunRow } from './run-rows.ts';
import { changeRun, moveRun } from './save-run.ts';
import type { Transaction } from './transaction.ts';

/** Asks the worker of a running run to end it. The first reason stays. */
export function flagRun(tx: Transaction, run: RunRow, reason: CancelReason): void {
  tx.effects.cancels.add(idOf(run));
  if (run.cancel_reason === null) changeRun(tx, run, { cancel_reason: reason });
}

/** Ends a pending run. One that was replaced before it was ever attempted counts as skipped. */
export function endPending(tx: Transaction, run: RunRow, reason: CancelReason): void {
  const event = reason === 'replaced' && run.attempt === 0 ? 'skip' : 'cancel';
  moveRun(tx, run, event, { reason, place: null, finished_at: tx.now });
}

/**
 * Ends every open run of a job but one: pending ones at once, running ones are flagged. Those that wait for their turn
 * go first, so that none of them is admitted by the end of the others.
 */
export function endOpenRuns(tx: Transaction, job: number, reason: CancelReason, except?: RunRow): void {
  const others = openRunRows(tx, job).filter(({ seq }) => seq !== except?.seq);
  const waiting = others.filter(({ place }) => place === 'turn');
  for (const run of waiting) endPending(tx, run, reason);
  for (const run of others) {
    if (run.status === 'running') flagRun(tx, run, reason);
    else if (run.place !== 'turn') endPending(tx, run, reason);
  }
}
