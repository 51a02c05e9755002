/** Jobs edited, paused, resumed. */
import { encodeDefinition } from '../../../domain/definition-json.ts';
import type { JobId } from '../../../domain/id.ts';
import type { Instant } from '../../../domain/instant.ts';
import { KEPT_VERSIONS } from '../../../domain/job.ts';
import type { JobUpdate, PauseJobResult, ResumeJobResult, UpdateJobResult } from '../../jobs.ts';
import { passOverDue } from '../schedules/fire.ts';
import { livingJobRow, seenJob, type JobRow } from './job-rows.ts';
import { changeJob } from './save-job.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { trimSoon } from '../retention/trim-cron.ts';

export function updateJob(tx: Transaction, update: JobUpdate): UpdateJobResult {
  const job = livingJobRow(tx, update.job);
  if (job === undefined) return { status: 'not_found' };
  const definition = encodeDefinition(update.definition);
  const nextSlot = wantedSlot(job, update.nextSlot);
  const { ifVersion } = update;
  if (ifVersion !== null && ifVersion !== job.version) return { status: 'conflict', version: job.version };
  if (nextSlot !== 'keep' && isStale(tx, job, nextSlot)) return stale(tx, job);
  keepVersion(tx, job);
  const passed = nextSlot === 'keep' ? {} : passOverDue(tx, job);
  changeJob(tx, job, {
    version: job.version + 1,
    definition,
    updated_at: tx.now,
    version_at: tx.now,
    next_slot: nextSlot === 'keep' ? job.next_slot : nextSlot,
    ...passed,
  });
  if (nextSlot !== 'keep') tx.effects.earlier = true;
  trimSoon(tx, job.seq);
  return { status: 'updated', job: seenJob(tx, job.seq) };
}

export function pauseJob(tx: Transaction, id: JobId): PauseJobResult {
  const job = livingJobRow(tx, id);
  if (job === undefined) return { status: 'not_found' };
  if (job.type === 'once') return { status: 'not_a_schedule' };
  if (job.paused === 0) {
    changeJob(tx, job, { paused: 1, next_slot: null, updated_at: tx.now, ...passOverDue(tx, job) });
  }
  return { status: 'paused', job: seenJob(tx, job.seq) };
}

export function resumeJob(tx: Transaction, id: JobId, nextSlot: Instant | null): ResumeJobResult {
  const job = livingJobRow(tx, id);
  if (job === undefined) return { status: 'not_found' };
  if (job.type === 'once') return { status: 'not_a_schedule' };
  if (job.paused === 1) {
    if (isStale(tx, job, nextSlot)) return stale(tx, job);
    changeJob(tx, job, { paused: 0, next_slot: nextSlot, updated_at: tx.now });
    tx.effects.earlier = true;
  }
  return { status: 'resumed', job: seenJob(tx, job.seq) };
}

/** A paused job gets its slot when it is resumed; a once job has none. */
function wantedSlot(job: JobRow, nextSlot: JobUpdate['nextSlot']): JobUpdate['nextSlot'] {
  return job.paused === 1 || job.type === 'once' ? 'keep' : nextSlot;
}

/** A slot that is not after both was computed from what is no longer so. */
function isStale(tx: Transaction, job: JobRow, nextSlot: Instant | null): boolean {
  return nextSlot !== null && nextSlot <= Math.max(tx.now, job.last_slot ?? 0);
}

function stale(tx: Transaction, job: JobRow): Extract<UpdateJobResult, { readonly status: 'stale' }> {
  return { status: 'stale', now: tx.now, lastSlot: job.last_slot };
}

/** The version that is about to be replaced joins the kept ones. */
function keepVersion(tx: Transaction, job: JobRow): void {
  tx.sql.run(
    'INSERT INTO job_versions (job, version, definition, created_at) VALUES (?, ?, ?, ?)',
    job.seq,
    job.version,
    job.definition,
    job.version_at,
  );
  tx.sql.run('DELETE FROM job_versions WHERE job = ? AND version <= ?', job.seq, job.version - KEPT_VERSIONS + 1);
}
