/** Runs by hand: started and cancelled. */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import type { RunId } from '../../../domain/id.ts';
import { HOUR } from '../../../domain/instant.ts';
import { isFinal } from '../../../domain/run-state.ts';
import { IDEMPOTENCY_HOURS } from '../../jobs.ts';
import type { CancelResult, TriggerRequest, TriggerResult } from '../../runs.ts';
import { endPending, flagRun } from './end-run.ts';
import { makeRoom, passGate } from '../schedules/gate.ts';
import { livingJobRow } from '../jobs/job-rows.ts';
import { findRunRow, idOf, LIVE, runRows, seenRun } from './run-rows.ts';
import type { Transaction } from '../transaction/transaction.ts';

export function trigger(
  tx: Transaction,
  { job: id, request, fingerprint, trigger, force }: TriggerRequest,
): TriggerResult {
  const before = tx.sql.one<{ readonly run: number; readonly fingerprint: string }>(
    'SELECT run, fingerprint FROM trigger_requests WHERE request = ? AND created_at > ?',
    request,
    tx.now - IDEMPOTENCY_HOURS * HOUR,
  );
  if (before !== undefined && before.fingerprint !== fingerprint) return { status: 'key_reused' };
  if (before !== undefined) return { status: 'existing', run: seenRun(tx, before.run) };
  const job = livingJobRow(tx, id);
  if (job === undefined) return { status: 'not_found' };
  const wanted = { trigger, scheduledFor: null, readyAt: tx.now, force };
  const definition = decodeDefinition(job.definition);
  if (!force && !makeRoom(tx, job, definition)) return { status: 'more' };
  const gate = passGate(tx, job, definition, wanted);
  if (gate.kind === 'skip') return { status: 'overlap', live: oldestLive(tx, job.seq) };
  tx.sql.run(
    'INSERT OR REPLACE INTO trigger_requests (request, fingerprint, run, created_at) VALUES (?, ?, ?, ?)',
    request,
    fingerprint,
    gate.run.seq,
    tx.now,
  );
  return { status: 'triggered', run: seenRun(tx, gate.run.seq) };
}

export function cancel(tx: Transaction, id: RunId): CancelResult {
  const run = findRunRow(tx, id);
  if (run === undefined) return { status: 'not_found' };
  if (isFinal(run.status)) return { status: 'final', is: run.status };
  if (run.status === 'running') {
    flagRun(tx, run, 'requested');
    return { status: 'requested' };
  }
  endPending(tx, run, 'requested');
  return { status: 'cancelled' };
}

/** The gate stays shut for a live run, so there is one. */
function oldestLive(tx: Transaction, job: number): RunId {
  const [live] = runRows(tx, `${LIVE} ORDER BY r.number LIMIT 1`, job);
  if (live === undefined) throw new Error(`no run of job ${job} is live, against its count`);
  return idOf(live);
}
