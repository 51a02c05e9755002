/** Rows that go for good, and what is counted of them. */
import type { JobRow } from '../jobs/job-rows.ts';
import type { Transaction } from '../transaction/transaction.ts';

interface Removable {
  readonly seq: number;
  readonly status: string;
}

/** Removes final runs with their attempts and output. */
export function removeRuns(tx: Transaction, runs: readonly Removable[]): void {
  for (const { seq, status } of runs) {
    countOutput(tx, 'SELECT sum(size) AS bytes FROM output WHERE run = ?', seq);
    tx.sql.run('DELETE FROM runs WHERE seq = ?', seq);
    tx.effects.count('runs', status, -1);
  }
}

/** Removes the output of one attempt; that it is no longer kept stays known. */
export function removeOutput(tx: Transaction, run: number, attempt: number): void {
  countOutput(tx, 'SELECT sum(size) AS bytes FROM output WHERE run = ? AND attempt = ?', run, attempt);
  tx.sql.run('DELETE FROM output WHERE run = ? AND attempt = ?', run, attempt);
  tx.sql.run('UPDATE attempts SET output_kept = 0 WHERE run = ? AND number = ?', run, attempt);
}

/** Removes a job that has no runs left. */
export function removeJob(tx: Transaction, job: Pick<JobRow, 'seq' | 'id' | 'type' | 'done_at' | 'deleted_at'>): void {
  tx.sql.run('DELETE FROM jobs WHERE seq = ?', job.seq);
  tx.effects.changed('job', job.id);
  if (job.type !== 'once') return;
  if (job.deleted_at === null) tx.effects.count('jobs', 'once', -1);
  if (job.done_at !== null) tx.effects.count('done', '', -1);
}

function countOutput(tx: Transaction, sql: string, ...values: readonly number[]): void {
  const { bytes } = tx.sql.one<{ readonly bytes: number | null }>(sql, ...values) ?? { bytes: null };
  tx.effects.count('output', '', -(bytes ?? 0));
}
