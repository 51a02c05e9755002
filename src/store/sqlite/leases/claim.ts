/** Claims: how pending runs come to a worker. */
import { LEASE, type ClaimedRun, type ClaimRequest, type ClaimResult } from '../../leases.ts';
import { MOST_ITEMS } from '../../store.ts';
import { endPending } from '../runs/end-run.ts';
import { definitionAt, type JobRow } from '../jobs/job-rows.ts';
import { renewLease } from './hold.ts';
import { roomOf } from '../counts/queues.ts';
import { idOf, runRows, type RunRow } from '../runs/run-rows.ts';
import { moveRun } from '../runs/save-run.ts';
import { startAttempt, type Started } from './start-attempt.ts';
import { promote } from '../schedules/tick.ts';
import type { Reading, Transaction } from '../transaction/transaction.ts';

export function claim(tx: Transaction, request: ClaimRequest): ClaimResult {
  const late = promote(tx, MOST_ITEMS);
  const newest = newestClaim(tx, request);
  if (request.claimNumber < newest) return { now: tx.now, claimed: [], more: false };
  if (request.claimNumber === newest) return repeat(tx, request);
  rememberClaim(tx, request);
  const found = claimable(tx, request.queues, request.limit + 1);
  const doomed = found.filter((run) => run.job_deleted_at !== null);
  for (const run of doomed) endPending(tx, run, 'deleted');
  const free = found.filter((run) => run.job_deleted_at === null);
  const claimed = free.slice(0, request.limit).map((run) => hold(tx, request, run));
  return { now: tx.now, claimed, more: late.cut || found.length > request.limit };
}

/** Whether there is anything to claim. */
export function hasWork(of: Reading, queues: readonly string[]): boolean {
  return claimable(of, queues, 1).length > 0;
}

/** Highest priority first, then those that became claimable first, over all these queues; of each as many as may run. */
function claimable(of: Reading, queues: readonly string[], limit: number): RunRow[] {
  const where = "WHERE r.queue = ? AND r.place = 'queue' ORDER BY r.priority DESC, r.ready_at, r.seq LIMIT ?";
  const found = [...new Set(queues)].map((queue) => runRows(of, where, queue, Math.min(limit, roomOf(of, queue))));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  return found
    .flat()
    .toSorted((a, b) => b.priority - a.priority || a.ready_at - b.ready_at || a.seq - b.seq)
    .slice(0, limit);
}

function hold(tx: Transaction, request: ClaimRequest, run: RunRow): ClaimedRun {
  const held = moveRun(tx, run, 'claim', {
    place: null,
    fence: run.fence + 1,
    attempt: run.attempt + 1,
    started_at: run.started_at ?? tx.now,
    owner: request.owner,
    claim: request.claimNumber,
    deadline: tx.now + LEASE,
    contact_lost_at: null,
  });
  return toClaimed(held, startAttempt(tx, held, request.owner, request.worker));
}

/** What the claim gave, as far as it is still held: its leases begin anew, since its worker learns of them only now. */
function repeat(tx: Transaction, request: ClaimRequest): ClaimResult {
  const where = "WHERE r.status = 'running' AND r.owner = ? AND r.claim = ?";
  const held = runRows(tx, `${where} ORDER BY r.priority DESC, r.ready_at, r.seq`, request.owner, request.claimNumber);
  for (const run of held) renewLease(tx, run);
  return {
    now: tx.now,
    claimed: held.map((run) => toClaimed(run, startedBefore(tx, run))),
    more: hasWork(tx, request.queues),
  };
}

function startedBefore(of: Reading, run: RunRow): Started {
  const row = of.sql.one<Pick<JobRow, 'name' | 'version'>>(
    'SELECT j.name, a.version FROM attempts a, jobs j WHERE a.run = ? AND a.number = ? AND j.seq = ?',
    run.seq,
    run.attempt,
    run.job,
  );
  if (row === undefined) throw new Error(`no attempt of run ${run.seq}`);
  return { jobName: row.name, version: row.version, definition: definitionAt(of, run.job, row.version) };
}

function toClaimed(run: RunRow, { jobName, version, definition }: Started): ClaimedRun {
  return {
    run: idOf(run),
    fence: run.fence,
    jobId: run.job_id,
    jobName,
    number: run.number,
    attempt: run.attempt,
    trigger: run.trigger,
    scheduledFor: run.scheduled_for,
    version,
    definition,
    cancelRequested: run.cancel_reason !== null,
  };
}

function newestClaim(of: Reading, { owner }: ClaimRequest): number {
  return of.sql.one<{ readonly number: number }>('SELECT number FROM claims WHERE owner = ?', owner)?.number ?? 0;
}

function rememberClaim(tx: Transaction, { owner, claimNumber }: ClaimRequest): void {
  tx.sql.run(
    `INSERT INTO claims (owner, number, claimed_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (owner) DO UPDATE SET number = ?2, claimed_at = ?3`,
    owner,
    claimNumber,
    tx.now,
  );
}
