/** From what a tick returned to what `fire` takes. */
import { parseSchedule } from '../domain/schedule/schedule.ts';
import { planFiring } from '../domain/schedule/misfire.ts';
import type { Logger } from '../log.ts';
import type { DueJob, Firing, Tick } from '../store/schedules.ts';

/**
 * A schedule that cannot be read was valid when its job was made; only other rules of time zones can have made it so. It
 * is reported and left out, so that it stops no other.
 */
export function planFirings({ due, now }: Pick<Tick, 'due' | 'now'>, logger: Logger): Firing[] {
  return due.flatMap((job) => {
    try {
      return [firing(job, now)];
    } catch (error) {
      logger.error({ job: job.job, err: error }, 'schedule cannot be read; its slots do not fire');
      return [];
    }
  });
}

function firing({ job, version, slot, definition }: DueJob, now: Tick['now']): Firing {
  const schedule = parseSchedule(definition);
  return { job, version, slot, ...planFiring({ job, schedule, policy: definition, slot, now }) };
}
