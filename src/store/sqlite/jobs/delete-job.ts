/**
 * How a job goes: at once for everybody, and its backlog piece by piece.
 *
 *   there ──deleteJob──► deleted, `ending` ──tick, each time 250 of its runs──► deleted ──trim──► gone
 *
 * No run of it is claimed any more from the first step on (`claim.ts`), no slot fires and nothing is triggered, so that
 * the backlog only shrinks; and who deleted it may be gone by then.
 */
import type { JobId } from '../../../domain/id.ts';
import type { DeleteJobResult } from '../../jobs.ts';
import { MOST_ITEMS } from '../../store.ts';
import { endOpenRuns } from '../runs/end-run.ts';
import { livingJobRow } from './job-rows.ts';
import { idOf, runningRows } from '../runs/run-rows.ts';
import { changeJob } from './save-job.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { trimSoon } from '../retention/trim-cron.ts';

/** Takes the job away and ends the first of its runs. Refuses, and does nothing, when one runs and `force` is not given. */
export function deleteJob(tx: Transaction, id: JobId, force: boolean): DeleteJobResult {
  const job = livingJobRow(tx, id);
  if (job === undefined) return { status: 'not_found' };
  const running = runningRows(tx, job.seq, MOST_ITEMS);
  if (running.length > 0 && !force) return { status: 'running', runs: running.map(idOf) };
  changeJob(tx, job, { deleted_at: tx.now, next_slot: null, ending: 1 });
  if (!endRuns(tx, job.seq, MOST_ITEMS)) tx.effects.earlier = true;
  trimSoon(tx, job.seq);
  return { status: 'deleted' };
}

/** Goes on with one deleted job. @returns `cut`: whether there is more to end, of this job or of others. */
export function endDeleted(tx: Transaction, limit: number): { readonly cut: boolean } {
  const jobs = tx.sql.all<{ readonly seq: number }>(
    'SELECT seq FROM jobs WHERE ending = 1 ORDER BY deleted_at LIMIT 2',
  );
  const [job, other] = jobs;
  if (job === undefined) return { cut: false };
  const done = endRuns(tx, job.seq, limit);
  return { cut: !done || other !== undefined };
}

function endRuns(tx: Transaction, job: number, limit: number): boolean {
  const done = endOpenRuns(tx, job, 'deleted', limit);
  if (done) tx.sql.run('UPDATE jobs SET ending = 0 WHERE seq = ?', job);
  return done;
}
