/**
 * The one place where runs are changed; `bear-run.ts` makes them.
 *
 * Every change of a run's state or place goes through here, asks the domain whether it may happen, and keeps in step
 * what follows from it: the live and waiting runs of its job, the status of a once job, when to trim a cron job, the
 * counters, the hints, the change log; and when it was the last live run, the oldest that waits for its turn is admitted.
 */
import type { Instant } from '../../../domain/instant.ts';
import type { Place } from '../../../domain/run.ts';
import { move, type RunEvent } from '../../../domain/run-state.ts';
import { isLive, isWaiting, runRows, type RunRow } from './run-rows.ts';
import { tellRun } from './tell-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** What may change of a run, beside its status. */
export type RunChange = Partial<
  Pick<
    RunRow,
    | 'reason'
    | 'detail'
    | 'started_at'
    | 'finished_at'
    | 'place'
    | 'ready_at'
    | 'attempt'
    | 'fence'
    | 'owner'
    | 'claim'
    | 'deadline'
    | 'contact_lost_at'
    | 'cancel_reason'
    | 'skipped_last'
    | 'skipped_count'
    | 'skipped_at_least'
  >
>;

/** What a run has that no worker holds. */
export const UNHELD = { owner: null, claim: null, deadline: null, contact_lost_at: null } as const;

/** @throws Error when the event may not happen to a run in that state: a bug. */
export function moveRun(tx: Transaction, run: RunRow, event: RunEvent, change: RunChange): RunRow {
  const status = move(run.status, event);
  if (status === null) throw new Error(`a run that is ${run.status} cannot ${event}`);
  return write(tx, run, { ...run, ...change, status });
}

/** Changes what is no state: a place, a flag, a skipped record. */
export function changeRun(tx: Transaction, run: RunRow, change: RunChange): RunRow {
  return write(tx, run, { ...run, ...change });
}

/** Moves it out of its turn or its delay, towards its queue. @param readyAt not before it. */
export function admitRun(tx: Transaction, run: RunRow, readyAt: Instant): RunRow {
  return changeRun(tx, run, { place: placeAt(readyAt, tx.now), ready_at: readyAt });
}

/** Where a run waits that is claimable from then on. */
export function placeAt(readyAt: Instant, now: Instant): Place {
  return readyAt > now ? 'delay' : 'queue';
}

function write(tx: Transaction, before: RunRow, after: RunRow): RunRow {
  tx.sql.run(
    `UPDATE runs SET status = ?, reason = ?, detail = ?, started_at = ?, finished_at = ?, place = ?, ready_at = ?,
       attempt = ?, fence = ?, owner = ?, claim = ?, deadline = ?, contact_lost_at = ?, cancel_reason = ?,
       skipped_last = ?, skipped_count = ?, skipped_at_least = ?
     WHERE seq = ?`,
    after.status,
    after.reason,
    after.detail,
    after.started_at,
    after.finished_at,
    after.place,
    after.ready_at,
    after.attempt,
    after.fence,
    after.owner,
    after.claim,
    after.deadline,
    after.contact_lost_at,
    after.cancel_reason,
    after.skipped_last,
    after.skipped_count,
    after.skipped_at_least,
    after.seq,
  );
  tellRun(tx, before, after);
  keepJobInStep(tx, before, after);
  return after;
}

function keepJobInStep(tx: Transaction, before: RunRow, after: RunRow): void {
  const live = isLive(after) - isLive(before);
  const waiting = isWaiting(after) - isWaiting(before);
  const once = after.job_type === 'once';
  if (live === 0 && waiting === 0 && (!once || after.status === before.status)) return;
  const job = tx.sql.one<{ readonly live: number; readonly waiting: number }>(
    `UPDATE jobs SET live = live + ?1, waiting = waiting + ?2,
       status = CASE WHEN type = 'once' AND last_run = ?3 THEN ?4 ELSE status END,
       done_at = CASE WHEN type = 'once' AND live + ?1 + waiting + ?2 = 0 THEN ?5 END,
       trim_at = CASE WHEN type = 'cron' AND ?7 IS NOT NULL THEN min(ifnull(trim_at, ?5), ?5) ELSE trim_at END
     WHERE seq = ?6 RETURNING live, waiting`,
    live,
    waiting,
    after.seq,
    after.status,
    tx.now,
    after.job,
    after.finished_at,
  );
  if (job === undefined) throw new Error(`no job of seq ${after.job}`);
  if (once && job.live + job.waiting === 0 && live + waiting < 0) tx.effects.count('done', '', 1);
  if (job.live === 0 && job.waiting > 0) admitOldest(tx, after.job);
}

function admitOldest(tx: Transaction, job: number): void {
  const where = "WHERE r.job = ? AND r.finished_at IS NULL AND r.place = 'turn' ORDER BY r.seq LIMIT 1";
  const [next] = runRows(tx, where, job);
  if (next === undefined) throw new Error(`no run of job ${job} waits, against its count`);
  admitRun(tx, next, Math.max(next.ready_at, tx.now));
}
