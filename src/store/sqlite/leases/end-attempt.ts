/** The end of an attempt: what it came to, and what becomes of its run. */
import type { Instant, Millis } from '../../../domain/instant.ts';
import type { Outcome } from '../../../domain/run.ts';
import type { RunEvent } from '../../../domain/run-state.ts';
import { DURATION_BOUNDS } from '../../../domain/spread.ts';
import { countLength } from '../counts/counters.ts';
import type { RunRow } from '../runs/run-rows.ts';
import { moveRun, placeAt, UNHELD } from '../runs/save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

export interface AttemptEnd {
  readonly outcome: Outcome;
  readonly retryAt: Instant | null;
  readonly durationMs: Millis | null;
  readonly leftRunning: number;
  readonly finishedAt: Instant;
  /** Whether the engine says so, not the worker. */
  readonly decided: boolean;
}

export function endAttempt(tx: Transaction, run: RunRow, end: AttemptEnd): void {
  tx.sql.run(
    `UPDATE attempts SET finished_at = ?, duration_ms = ?, left_running = ?, outcome = ?, decided = ?
     WHERE run = ? AND number = ?`,
    end.finishedAt,
    end.durationMs,
    end.leftRunning,
    JSON.stringify(end.outcome),
    end.decided ? 1 : 0,
    run.seq,
    run.attempt,
  );
  if (end.durationMs !== null) countLength(tx.effects, 'duration', DURATION_BOUNDS, end.durationMs);
  const event = eventOf(run, end);
  if (event === 'retry') {
    const readyAt = Math.max(end.retryAt ?? tx.now, tx.now);
    if (end.outcome.status === 'failed') tx.effects.count('retried', end.outcome.reason, 1);
    moveRun(tx, run, event, { ...UNHELD, place: placeAt(readyAt, tx.now), ready_at: readyAt });
  } else {
    moveRun(tx, run, event, { ...UNHELD, ...reasonOf(run, end.outcome, event), finished_at: end.finishedAt });
  }
}

/** A flagged run never goes back to pending, and ends as cancelled unless it succeeded all the same. */
function eventOf(run: RunRow, { outcome, retryAt }: AttemptEnd): RunEvent {
  if (outcome.status === 'succeeded') return 'succeed';
  if (outcome.status === 'cancelled' || run.cancel_reason !== null) return 'cancel';
  return retryAt === null ? 'fail' : 'retry';
}

function reasonOf(run: RunRow, outcome: Outcome, event: RunEvent): Pick<RunRow, 'reason' | 'detail'> {
  const detail = 'detail' in outcome ? outcome.detail : null;
  if (event === 'cancel') return { reason: run.cancel_reason ?? 'requested', detail };
  return { reason: outcome.status === 'failed' ? outcome.reason : null, detail };
}
