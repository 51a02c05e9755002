/**
 * What stands in the way of an action, as far as that is known before it is done: a dry run tells it. It may be gone when
 * the action is done, and something else may have come.
 */
import { admit, type Admission } from '../../domain/overlap.ts';
import type { Job } from '../../domain/job.ts';
import type { Run } from '../../domain/run.ts';
import { isFinal } from '../../domain/run-state.ts';
import type { Store } from '../../store/store.ts';
import { MOST_ROWS } from '../../store/views.ts';
import { jobRunning, notASchedule, overlapping } from '../job/actions.ts';
import { findJob } from '../lookup.ts';
import { requireFinal, runFinished } from '../run/actions.ts';
import type { JobAction, RunAction } from '../schema/bulk.ts';

type Looks = Pick<Store, 'findJob' | 'liveRuns' | 'listRuns'>;

/** @throws JobschedError what doing it would throw. */
export async function foreseeOnJob(store: Looks, action: JobAction, job: Job, force: boolean): Promise<void> {
  switch (action) {
    case 'pause':
    case 'resume':
      if (job.definition.type === 'once') throw notASchedule(job);
      break;
    case 'cancel':
      break;
    case 'delete':
      if (!force) await requireNoneRunning(store, job);
      break;
    case 'run':
      if (!force) await requireAdmission(store, job);
  }
}

/** @throws JobschedError what doing it would throw. */
export async function foreseeOnRun(store: Looks, action: RunAction, run: Run, force: boolean): Promise<void> {
  if (action === 'cancel') {
    requireCancellable(run);
    return;
  }
  requireFinal(run);
  const job = await findJob(store, run.jobId);
  if (!force) await requireAdmission(store, job);
}

function requireCancellable({ status }: Run): void {
  if (isFinal(status) && status !== 'cancelled') throw runFinished(status);
}

async function requireNoneRunning(store: Looks, { id }: Job): Promise<void> {
  const running = (await store.liveRuns(id)).filter(({ status }) => status === 'running');
  if (running.length > 0) throw jobRunning(running.map((run) => run.id));
}

async function requireAdmission(store: Looks, { id, definition: { overlap } }: Job): Promise<void> {
  if (overlap === 'allow' || overlap === 'replace') return;
  const live = await store.liveRuns(id);
  const oldest = live.at(-1);
  if (oldest === undefined) return;
  const gate: Admission = admit(overlap, live.length, overlap === 'queue' ? await countWaiting(store, id) : 0);
  if (gate.kind === 'skip') throw overlapping(oldest.id);
}

/** For their turn: never more than a page of them. */
async function countWaiting(store: Looks, job: Job['id']): Promise<number> {
  const { rows } = await store.listRuns({ job, status: ['pending'] }, MOST_ROWS, null);
  return rows.filter(({ place }) => place === 'turn').length;
}
