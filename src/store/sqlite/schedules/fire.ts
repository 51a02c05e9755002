/** Firing: how a slot that has come becomes a run, or part of a record of skipped slots. */
import type { RunId } from '../../../domain/id.ts';
import type { CronDefinition } from '../../../domain/job.ts';
import type { SkippedSlots, SkipReason } from '../../../domain/run.ts';
import type { FireResult, Firing } from '../../schedules.ts';
import { jobOfRun, makeRoom, passGate, pendingBirth } from './gate.ts';
import { cronDefinition, livingJobRow, type JobRow } from '../jobs/job-rows.ts';
import { idOf, runRows, skippedOf, type RunRow } from '../runs/run-rows.ts';
import { changeJob } from '../jobs/save-job.ts';
import { bearRun } from '../runs/bear-run.ts';
import { changeRun } from '../runs/save-run.ts';
import type { Transaction } from '../transaction/transaction.ts';

export function fire(tx: Transaction, firing: Firing): FireResult {
  const job = livingJobRow(tx, firing.job);
  if (job?.version !== firing.version || job.next_slot !== firing.slot) return { status: 'stale' };
  if (firing.slot > tx.now) return { status: 'early' };
  const definition = cronDefinition(job);
  if (firing.runs.length > 0 && !makeRoom(tx, job, definition)) return { status: 'more' };
  if (firing.skipped !== null) recordSkipped(tx, job, definition, 'misfire', firing.skipped);
  const { runs, skipped } = fireRuns(tx, job, definition, firing.runs);
  changeJob(tx, job, { next_slot: firing.next, last_slot: newestSlot(job, firing) });
  return { status: 'fired', runs, skipped: skipped + (firing.skipped?.count ?? 0) };
}

function fireRuns(
  tx: Transaction,
  job: JobRow,
  definition: CronDefinition,
  wanted: Firing['runs'],
): { readonly runs: RunId[]; readonly skipped: number } {
  const runs: RunId[] = [];
  let skipped = 0;
  for (const { slot, readyAt } of wanted) {
    const gate = passGate(tx, job, definition, { trigger: 'schedule', scheduledFor: slot, readyAt, force: false });
    if (gate.kind === 'born') {
      runs.push(idOf(gate.run));
    } else {
      skipped += 1;
      recordSkipped(tx, job, definition, gate.reason, { first: slot, last: slot, count: 1, atLeast: false });
    }
  }
  return { runs, skipped };
}

/**
 * A slot that has come and that nobody will fire any more, since its job is paused or gets another schedule, is recorded
 * as a misfire: it is the first of those that may have come, whom nobody counts.
 *
 * @returns what changes of the job with it.
 */
export function passOverDue(tx: Transaction, job: JobRow): Pick<JobRow, 'last_slot'> {
  const slot = job.next_slot;
  if (slot === null || slot > tx.now) return { last_slot: job.last_slot };
  recordSkipped(tx, job, cronDefinition(job), 'misfire', { first: slot, last: slot, count: 1, atLeast: true });
  return { last_slot: slot };
}

/** Consecutive skips for one reason share a record: the job's newest run, when it is one. */
function recordSkipped(
  tx: Transaction,
  job: JobRow,
  definition: CronDefinition,
  reason: SkipReason,
  slots: SkippedSlots,
): void {
  const newest = newestRun(tx, job.seq);
  const known = newest === undefined ? null : skippedOf(newest);
  if (newest !== undefined && known !== null && newest.reason === reason) extend(tx, newest, known, slots);
  else bearSkipped(tx, job, definition, reason, slots);
}

function extend(tx: Transaction, record: RunRow, known: SkippedSlots, more: SkippedSlots): void {
  changeRun(tx, record, {
    skipped_last: more.last,
    skipped_count: known.count + more.count,
    skipped_at_least: known.atLeast || more.atLeast ? 1 : 0,
    finished_at: tx.now,
  });
}

function bearSkipped(
  tx: Transaction,
  job: JobRow,
  definition: CronDefinition,
  reason: SkipReason,
  slots: SkippedSlots,
): void {
  const wanted = { trigger: 'schedule', scheduledFor: slots.first, readyAt: tx.now } as const;
  bearRun(tx, jobOfRun(job), {
    ...pendingBirth(tx, definition, wanted, null),
    status: 'skipped',
    reason,
    finished_at: tx.now,
    late_at: null,
    skipped_first: slots.first,
    skipped_last: slots.last,
    skipped_count: slots.count,
    skipped_at_least: slots.atLeast ? 1 : 0,
  });
}

function newestRun(tx: Transaction, job: number): RunRow | undefined {
  return runRows(tx, 'WHERE r.job = ? AND r.number = j.last_number', job)[0];
}

/** No next slot is ever set at or before it. */
function newestSlot(job: JobRow, { slot, runs, skipped }: Firing): number {
  return Math.max(slot, job.last_slot ?? slot, skipped?.last ?? slot, ...runs.map((run) => run.slot));
}
