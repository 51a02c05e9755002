/**
 * The one place where runs are written.
 *
 * Every change of a run's state or place goes through here, asks the domain whether it may happen, and keeps in step
 * what follows from it: the live and waiting runs of its job, the status of a once job, when to trim a cron job, the counters, the hints, the
 * change log; and when it was the last live run, the oldest that waits for its turn is admitted.
 */
import type { Instant } from '../../domain/instant.ts';
import type { Place } from '../../domain/run.ts';
import { move, type RunEvent } from '../../domain/run-state.ts';
import { idOf, runRows, type RunRow } from './run-rows.ts';
import type { Transaction } from './transaction.ts';

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

/** What a birth has to know of the job. */
export type BirthJob = Pick<RunRow, 'job' | 'job_id' | 'job_type'>;

/** A new run, as it is born: pending, or a record of skipped slots. */
export type Birth = Pick<
  RunRow,
  | 'status'
  | 'reason'
  | 'trigger'
  | 'scheduled_for'
  | 'finished_at'
  | 'queue'
  | 'priority'
  | 'place'
  | 'ready_at'
  | 'late_at'
> &
  Partial<Pick<RunRow, 'skipped_first' | 'skipped_last' | 'skipped_count' | 'skipped_at_least'>>;

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

/** Makes the next run of the job. */
export function bearRun(tx: Transaction, job: BirthJob, birth: Birth): RunRow {
  const seq = tx.nextRunSeq();
  const [live, waiting] = [isLive(birth), isWaiting(birth)];
  const counted = tx.sql.one<{ readonly last_number: number; readonly open: number }>(
    `UPDATE jobs SET last_number = last_number + 1, last_run = ?1, live = live + ?2, waiting = waiting + ?3,
       status = CASE type WHEN 'once' THEN ?4 ELSE status END,
       done_at = CASE WHEN live + ?2 + waiting + ?3 > 0 THEN NULL ELSE done_at END,
       trim_at = CASE WHEN type = 'cron' AND ?6 IS NOT NULL THEN min(ifnull(trim_at, ?6), ?6) ELSE trim_at END
     WHERE seq = ?5 RETURNING last_number, live + waiting AS open`,
    seq,
    live,
    waiting,
    birth.status,
    job.job,
    birth.finished_at,
  );
  if (counted === undefined) throw new Error(`no job of seq ${job.job}`);
  insert(tx, job.job, seq, counted.last_number, birth);
  const row = newRow(tx, job, seq, counted.last_number, birth);
  if (job.job_type === 'once' && row.number > 1 && counted.open === live + waiting) tx.effects.count('done', '', -1);
  tell(tx, null, row);
  return row;
}

/**
 * Makes the only run of a once job that is new, whose row counts it already: that spares an update for each job.
 *
 * @param seq what `nextRunSeq` gave for it.
 */
export function bearFirstRun(tx: Transaction, job: BirthJob, seq: number, birth: Birth): RunRow {
  insert(tx, job.job, seq, 1, birth);
  const row = newRow(tx, job, seq, 1, birth);
  tell(tx, null, row);
  return row;
}

/** Moves it out of its turn or its delay, towards its queue. @param readyAt not before it. */
export function admitRun(tx: Transaction, run: RunRow, readyAt: Instant): RunRow {
  return changeRun(tx, run, { place: placeAt(readyAt, tx.now), ready_at: readyAt });
}

/** Where a run waits that is claimable from then on. */
export function placeAt(readyAt: Instant, now: Instant): Place {
  return readyAt > now ? 'delay' : 'queue';
}

type StateAndPlace = Pick<RunRow, 'status' | 'place'>;

function isWaiting(run: StateAndPlace): 0 | 1 {
  return run.place === 'turn' ? 1 : 0;
}

function isLive(run: StateAndPlace): 0 | 1 {
  return (run.status === 'pending' || run.status === 'running') && run.place !== 'turn' ? 1 : 0;
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
  tell(tx, before, after);
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

/** Counters, hints and the change log. */
function tell(tx: Transaction, before: RunRow | null, after: RunRow): void {
  const { effects } = tx;
  effects.changed('run', idOf(after));
  if (before?.status !== after.status) {
    effects.changed('job', after.job_id);
    if (before !== null) countState(tx, before, -1);
    countState(tx, after, 1);
  }
  if (before?.place !== after.place) {
    if (before?.place === 'queue') effects.count('queued', after.queue, -1);
    if (after.place === 'queue') effects.count('queued', after.queue, 1);
    if (after.place === 'queue') effects.work.add(after.queue);
    if (after.place === 'delay') effects.earlier = true;
  }
}

function countState(tx: Transaction, run: RunRow, by: 1 | -1): void {
  tx.effects.count('runs', run.status, by);
  if (run.status === 'pending') tx.effects.count('pending', run.queue, by);
  if (run.status === 'running') tx.effects.count('running', run.queue, by);
}

function insert(tx: Transaction, job: number, seq: number, number: number, birth: Birth): void {
  tx.sql.run(
    `INSERT INTO runs (seq, job, number, status, reason, trigger, scheduled_for, created_at, finished_at, queue, priority,
       place, ready_at, late_at, skipped_first, skipped_last, skipped_count, skipped_at_least)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    seq,
    job,
    number,
    birth.status,
    birth.reason,
    birth.trigger,
    birth.scheduled_for,
    tx.now,
    birth.finished_at,
    birth.queue,
    birth.priority,
    birth.place,
    birth.ready_at,
    birth.late_at,
    birth.skipped_first ?? null,
    birth.skipped_last ?? null,
    birth.skipped_count ?? null,
    birth.skipped_at_least ?? 0,
  );
}

function newRow(tx: Transaction, job: BirthJob, seq: number, number: number, birth: Birth): RunRow {
  return {
    job_deleted_at: null,
    detail: null,
    created_at: tx.now,
    started_at: null,
    attempt: 0,
    fence: 0,
    cancel_reason: null,
    ...UNHELD,
    skipped_first: null,
    skipped_last: null,
    skipped_count: null,
    skipped_at_least: 0,
    ...birth,
    ...job,
    seq,
    number,
  };
}
