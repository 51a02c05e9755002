/** What time has brought. */
import type { Instant } from '../../../domain/instant.ts';
import type { DueJob, Tick } from '../../schedules.ts';
import { endDeleted } from '../jobs/delete-job.ts';
import { cronDefinition, type JobRow } from '../jobs/job-rows.ts';
import { lapse } from '../leases/lapse.ts';
import { runRows } from '../runs/run-rows.ts';
import { admitRun } from '../runs/save-run.ts';
import type { Reading, Transaction } from '../transaction/transaction.ts';

export function tick(tx: Transaction, limit: number): Tick {
  const promoted = promote(tx, limit);
  const lapsed = lapse(tx, limit);
  const ending = endDeleted(tx, limit);
  const due = dueJobs(tx, limit);
  const cut = promoted.cut || lapsed.cut || ending.cut || due.cut;
  return {
    now: tx.now,
    due: due.jobs,
    flagged: lapsed.flagged,
    lost: lapsed.lost,
    nextAt: cut ? tx.now : nextAt(tx),
    leases: tx.sql.one('SELECT 1 FROM runs WHERE deadline IS NOT NULL LIMIT 1') !== undefined,
  };
}

/** Delayed runs whose time has come go to their queues, at most `limit`. */
export function promote(tx: Transaction, limit: number): { readonly cut: boolean } {
  const where = "WHERE r.place = 'delay' AND r.ready_at <= ? ORDER BY r.ready_at LIMIT ?";
  const ready = runRows(tx, where, tx.now, limit + 1);
  for (const run of ready.slice(0, limit)) admitRun(tx, run, run.ready_at);
  return { cut: ready.length > limit };
}

function dueJobs(of: Reading, limit: number): { readonly jobs: DueJob[]; readonly cut: boolean } {
  const rows = of.sql.all<JobRow & { readonly next_slot: Instant }>(
    'SELECT * FROM jobs WHERE next_slot <= ? ORDER BY next_slot LIMIT ?',
    of.now,
    limit + 1,
  );
  const jobs = rows.slice(0, limit).map((row) => ({
    job: row.id,
    version: row.version,
    slot: row.next_slot,
    definition: cronDefinition(row),
  }));
  return { jobs, cut: rows.length > limit };
}

/** The first moment to come of slots, delayed runs, lapses and decisions. */
function nextAt(of: Reading): Instant | null {
  const first = of.sql.one<{ readonly at: Instant | null }>(
    `SELECT min(at) AS at FROM (
       SELECT min(next_slot) AS at FROM jobs WHERE next_slot > ?1
       UNION ALL SELECT min(ready_at) FROM runs WHERE place = 'delay' AND ready_at > ?1
       UNION ALL SELECT min(deadline) FROM runs WHERE deadline > ?1)`,
    of.now,
  );
  return first?.at ?? null;
}
