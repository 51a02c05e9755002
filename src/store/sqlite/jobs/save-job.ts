/** The one place where what people decide of a job is written; what follows from its runs is `save-run.ts`'s. */
import { cronStatus, type JobRow } from './job-rows.ts';
import type { Transaction } from '../transaction/transaction.ts';

export type JobChange = Partial<
  Pick<
    JobRow,
    | 'version'
    | 'version_at'
    | 'definition'
    | 'paused'
    | 'updated_at'
    | 'next_slot'
    | 'last_slot'
    | 'deleted_at'
    | 'ending'
  >
>;

/** Keeps the status of a cron job, the counters and the change log in step. */
export function changeJob(tx: Transaction, before: JobRow, change: JobChange): void {
  const changed = { ...before, ...change };
  const after = changed.type === 'cron' ? { ...changed, status: cronStatus(changed) } : changed;
  tx.sql.run(
    `UPDATE jobs SET version = ?, version_at = ?, definition = ?, status = ?, paused = ?, updated_at = ?, next_slot = ?,
       last_slot = ?, deleted_at = ?, ending = ? WHERE seq = ?`,
    after.version,
    after.version_at,
    after.definition,
    after.status,
    after.paused,
    after.updated_at,
    after.next_slot,
    after.last_slot,
    after.deleted_at,
    after.ending,
    after.seq,
  );
  countJob(tx, before, -1);
  countJob(tx, after, 1);
  tx.effects.changed('job', after.id);
}

function countJob(tx: Transaction, job: JobRow, by: 1 | -1): void {
  if (job.deleted_at === null) tx.effects.count('jobs', job.type === 'once' ? 'once' : job.status, by);
}
