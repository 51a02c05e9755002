/** What follows from every change of a run beside rows: counters, hints, the change log. */
import { isFinal } from '../../../domain/run-state.ts';
import { roomCame } from '../counts/queues.ts';
import { idOf, type RunRow } from './run-rows.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** @param before null for one that was just born. */
export function tellRun(tx: Transaction, before: RunRow | null, after: RunRow): void {
  const { effects } = tx;
  effects.changed('run', idOf(after));
  if (before?.status !== after.status) {
    effects.changed('job', after.job_id);
    if (before !== null) countState(tx, before, -1);
    countState(tx, after, 1);
    if (isFinal(after.status)) effects.count('ended', [after.status, after.reason ?? []].flat().join(':'), 1);
    if (before?.status === 'running') roomCame(tx, after.queue);
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
