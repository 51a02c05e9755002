/**
 * Leases that lapse: flagged first, given up later.
 *
 * `deadline` is when a held run is next to be looked at: the end of its lease, or once it is flagged, its decision.
 */
import { retriesLost } from '../../../domain/retry.ts';
import { SECOND } from '../../../domain/instant.ts';
import type { RunId, WorkerId } from '../../../domain/id.ts';
import type { JobDefinition } from '../../../domain/job.ts';
import { endAttempt } from './end-attempt.ts';
import { definitionAt } from '../jobs/job-rows.ts';
import { idOf, runRows, type RunRow } from '../runs/run-rows.ts';
import { changeRun } from '../runs/save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

export interface Lapsed {
  readonly flagged: RunId[];
  readonly lost: RunId[];
  readonly cut: boolean;
}

/** Flags and decides what is past its deadline, at most `limit`. */
export function lapse(tx: Transaction, limit: number): Lapsed {
  const past = runRows(tx, 'WHERE r.deadline <= ? ORDER BY r.deadline LIMIT ?', tx.now, limit + 1);
  const flagged: RunId[] = [];
  const lost: RunId[] = [];
  for (const run of past.slice(0, limit)) {
    const definition = executed(tx, run);
    const decided = run.contact_lost_at === null ? flag(tx, run, definition) : run;
    if (run.contact_lost_at === null) flagged.push(idOf(run));
    if (decided.deadline !== null && decided.deadline <= tx.now) {
      giveUp(tx, decided, definition, 'its worker was out of contact');
      lost.push(idOf(run));
    }
  }
  return { flagged, lost, cut: past.length > limit };
}

/** What an owner holds, which is known to be dead; at most `limit`. */
export function abandon(tx: Transaction, owner: WorkerId, limit: number): RunId[] {
  const held = runRows(tx, "WHERE r.status = 'running' AND r.owner = ? ORDER BY r.seq DESC LIMIT ?", owner, limit);
  for (const run of held) giveUp(tx, run, executed(tx, run), 'its worker has died');
  return held.map(idOf);
}

function flag(tx: Transaction, run: RunRow, { lostAfterSeconds }: JobDefinition): RunRow {
  tx.effects.count('happened', 'contact_lost', 1);
  return changeRun(tx, run, { contact_lost_at: tx.now, deadline: tx.now + lostAfterSeconds * SECOND });
}

function giveUp(tx: Transaction, run: RunRow, definition: JobDefinition, detail: string): void {
  endAttempt(tx, run, {
    outcome: { status: 'failed', reason: 'lost', detail },
    durationMs: null,
    leftRunning: 0,
    finishedAt: tx.now,
    decided: true,
    retryAt: retriesLost(definition, run.attempt) ? tx.now : null,
  });
}

/**
 * The definition that the attempt executes, since its worker counts by that one too; the current one when that version
 * is kept no longer.
 */
function executed(tx: Transaction, run: RunRow): JobDefinition {
  const attempt = tx.sql.one<{ readonly version: number }>(
    'SELECT version FROM attempts WHERE run = ? AND number = ?',
    run.seq,
    run.attempt,
  );
  return definitionAt(tx, run.job, attempt?.version ?? 0);
}
