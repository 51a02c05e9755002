/** What workers do with what they hold: end it, renew it, give it back. */
import type { WorkerId } from '../../../domain/id.ts';
import type { Ended, FinishResult, Held, RenewResult } from '../../leases.ts';
import { appendOutput } from '../output/append-output.ts';
import { endAttempt } from './end-attempt.ts';
import { endedBefore, heldOrAdoptedRun, heldRun, renewLease } from './hold.ts';
import type { RunRow } from '../runs/run-rows.ts';
import { moveRun, UNHELD } from '../runs/save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

export function finishOne(tx: Transaction, owner: WorkerId, ended: Ended): FinishResult {
  const run = heldOrAdoptedRun(tx, owner, ended);
  if (run === null) return endedBefore(tx, owner, ended);
  if (ended.output !== null) appendOutput(tx, run, ended.output);
  const { outcome, retryAt, durationMs, leftRunning, endedAgoMs } = ended;
  const finishedAt = tx.now - endedAgoMs;
  endAttempt(tx, run, { outcome, retryAt, durationMs, leftRunning, finishedAt, decided: false });
  return 'ok';
}

export function renewOne(tx: Transaction, owner: WorkerId, held: Held): RenewResult {
  const run = heldOrAdoptedRun(tx, owner, held);
  if (run === null) return 'lost';
  renewLease(tx, run);
  return run.cancel_reason === null ? 'ok' : 'cancel';
}

export function releaseOne(tx: Transaction, owner: WorkerId, held: Held): FinishResult {
  const run = heldRun(tx, owner, held);
  if (run === null) return endedBefore(tx, owner, held);
  tx.sql.run('DELETE FROM attempts WHERE run = ? AND number = ?', run.seq, run.attempt);
  tx.sql.run('INSERT INTO releases (run, fence, owner) VALUES (?, ?, ?)', run.seq, held.fence, owner);
  giveBack(tx, run);
  return 'ok';
}

/** The attempt does not count, and the run keeps its place in the order of its queue. */
function giveBack(tx: Transaction, run: RunRow): void {
  const attempt = run.attempt - 1;
  const change = { ...UNHELD, attempt, started_at: attempt === 0 ? null : run.started_at };
  // It was claimable, and is so again also when the clock has stepped back since.
  if (run.cancel_reason === null) moveRun(tx, run, 'release', { ...change, place: 'queue' });
  else moveRun(tx, run, 'cancel', { ...change, reason: run.cancel_reason, finished_at: tx.now });
}
