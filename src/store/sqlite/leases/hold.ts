/** Whether an owner still holds what it shows. */
import type { WorkerId } from '../../../domain/id.ts';
import { LEASE, type FinishResult, type Held } from '../../leases.ts';
import { findRunRow, type RunRow } from '../runs/run-rows.ts';
import { changeRun, moveRun } from '../runs/save-run.ts';
import { startAttempt } from './start-attempt.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** The run, if it is running and both owner and fence match: also when its lease has lapsed. */
export function heldRun(tx: Transaction, owner: WorkerId, { run: id, fence }: Held): RunRow | null {
  const run = findRunRow(tx, id);
  return run?.status === 'running' && run.owner === owner && run.fence === fence ? run : null;
}

/**
 * The same, and a run that is pending with a lower fence than the owner's is taken up again: only a failover that forgot
 * the claim makes that.
 */
export function heldOrAdoptedRun(tx: Transaction, owner: WorkerId, held: Held): RunRow | null {
  const run = findRunRow(tx, held.run);
  if (run?.status === 'pending' && run.fence < held.fence) return adopt(tx, owner, run, held.fence);
  return run?.status === 'running' && run.owner === owner && run.fence === held.fence ? run : null;
}

/** For what is not held: whether its owner had ended or released it itself. */
export function endedBefore(tx: Transaction, owner: WorkerId, { run: id, fence }: Held): Exclude<FinishResult, 'ok'> {
  const run = findRunRow(tx, id);
  if (run === undefined) return 'lost';
  const known = tx.sql.one(
    `SELECT 1 FROM attempts WHERE run = ?1 AND fence = ?2 AND owner = ?3 AND decided = 0 AND finished_at IS NOT NULL
     UNION ALL SELECT 1 FROM releases WHERE run = ?1 AND fence = ?2 AND owner = ?3`,
    run.seq,
    fence,
    owner,
  );
  return known === undefined ? 'lost' : 'duplicate';
}

/** A whole lease from now on, and contact with its worker. */
export function renewLease(tx: Transaction, run: RunRow): void {
  const deadline = tx.now + LEASE;
  if (run.contact_lost_at !== null) changeRun(tx, run, { contact_lost_at: null, deadline });
  // Nothing follows from a lease that goes on, and it happens all the time.
  else tx.sql.run('UPDATE runs SET deadline = ? WHERE seq = ?', deadline, run.seq);
}

function adopt(tx: Transaction, owner: WorkerId, run: RunRow, fence: number): RunRow {
  const worker = tx.sql.one<{ readonly name: string }>('SELECT name FROM workers WHERE id = ?', owner)?.name ?? owner;
  const adopted = moveRun(tx, run, 'adopt', {
    place: null,
    fence,
    owner,
    deadline: tx.now + LEASE,
    contact_lost_at: null,
    attempt: run.attempt + 1,
    started_at: run.started_at ?? tx.now,
  });
  startAttempt(tx, adopted, owner, worker);
  return adopted;
}
