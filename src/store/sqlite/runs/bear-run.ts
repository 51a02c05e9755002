/** How runs are born: pending, or as a record of skipped slots. What becomes of them then is `save-run.ts`'s. */
import { isLive, isWaiting, type RunRow } from './run-rows.ts';
import { UNHELD } from './save-run.ts';
import { tellRun } from './tell-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

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
  tellRun(tx, null, row);
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
  tellRun(tx, null, row);
  return row;
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
