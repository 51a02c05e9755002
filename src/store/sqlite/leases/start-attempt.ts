/** The row of an attempt that begins. */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import type { WorkerId } from '../../../domain/id.ts';
import type { JobDefinition } from '../../../domain/job.ts';
import { isLate } from '../../../domain/late.ts';
import { LATENESS_BOUNDS } from '../../../domain/spread.ts';
import { countLength } from '../counts/counters.ts';
import type { JobRow } from '../jobs/job-rows.ts';
import type { RunRow } from '../runs/run-rows.ts';
import type { Transaction } from '../transaction/transaction.ts';

export interface Started {
  readonly jobName: string | null;
  readonly version: number;
  readonly definition: JobDefinition;
}

/** Begins the attempt that the run counts already, with the job's current version. */
export function startAttempt(tx: Transaction, run: RunRow, owner: WorkerId, worker: string): Started {
  const job = tx.sql.one<Pick<JobRow, 'name' | 'version' | 'definition'>>(
    'SELECT name, version, definition FROM jobs WHERE seq = ?',
    run.job,
  );
  if (job === undefined) throw new Error(`no job of seq ${run.job}`);
  const definition = decodeDefinition(job.definition);
  tx.sql.run(
    `INSERT INTO attempts (run, number, version, fence, owner, worker, started_at, output_limit)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    run.seq,
    run.attempt,
    job.version,
    run.fence,
    owner,
    worker,
    tx.now,
    definition.outputLimitBytes,
  );
  if (run.attempt === 1) countStart(tx, run);
  return { jobName: job.name, version: job.version, definition };
}

function countStart({ effects, now }: Transaction, { status, scheduled_for: due, late_at: lateAt }: RunRow): void {
  if (due !== null) countLength(effects, 'lateness', LATENESS_BOUNDS, now - due);
  if (isLate({ status, startedAt: now, lateAt }, now)) effects.count('happened', 'late', 1);
}
