/**
 * Late and missing: a run that begins, or still waits, longer after its time than its job allows; and a slot that has come
 * and that nobody fires.
 *
 * Its time is its slot or `runAt`; of a run without either, its creation: somebody wanted it then.
 */
import { SECOND, type Instant } from './instant.ts';
import type { CommonDefinition, Job } from './job.ts';
import type { Run } from './run.ts';
import { OVERDUE } from './schedule/misfire.ts';

/** A start after this is late. Null: none is. @param due the run's time. */
export function lateAt({ lateAfterSeconds }: Pick<CommonDefinition, 'lateAfterSeconds'>, due: Instant): Instant | null {
  return lateAfterSeconds === null ? null : due + lateAfterSeconds * SECOND;
}

/** It started late, or it still waits and is late by now. What ended without a start was not. */
export function isLate(run: Pick<Run, 'status' | 'startedAt' | 'lateAt'>, now: Instant): boolean {
  if (run.lateAt === null) return false;
  const started = run.startedAt ?? (run.status === 'pending' ? now : null);
  return started !== null && started > run.lateAt;
}

/** Whether its next slot has come, and so long ago that a scheduler should have fired it. */
export function isOverdue({ nextSlot }: Pick<Job, 'nextSlot'>, now: Instant): boolean {
  return nextSlot !== null && now - nextSlot > OVERDUE;
}
