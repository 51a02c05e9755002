/** How runs end, or are asked to, without an outcome of their worker. */
import type { CancelReason } from '../../../domain/run.ts';
import { idOf, runRows, type RunRow } from './run-rows.ts';
import { changeRun, moveRun } from './save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

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
 * Ends open runs of a job: pending ones at once, running ones are flagged. At most `limit`, since a backlog can be of any
 * length and everybody waits meanwhile.
 *
 * Those that wait for their turn go first, so that none of them is admitted by the end of the others; the running last.
 *
 * @returns whether all of them have been dealt with.
 */
export function endOpenRuns(tx: Transaction, job: number, reason: CancelReason, limit: number): boolean {
  // In the order of the index `runs_open`: turn, queue, delay, and null for what is running.
  const where = 'WHERE r.job = ? AND r.finished_at IS NULL AND r.cancel_reason IS NULL ORDER BY r.place DESC LIMIT ?';
  const open = runRows(tx, where, job, limit + 1);
  for (const run of open.slice(0, limit)) {
    if (run.status === 'running') flagRun(tx, run, reason);
    else endPending(tx, run, reason);
  }
  return open.length <= limit;
}
