/** From what a tick returned to what `fire` takes. */
import { parseSchedule } from '../domain/schedule/schedule.ts';
import { planFiring } from '../domain/schedule/misfire.ts';
import type { Logger } from '../log.ts';
import type { DueJob, Firing, Tick } from '../store/schedules.ts';

/**
 * A schedule that cannot be read was valid when its job was made; only other rules of time zones can have made it so. Its
 * slot is skipped and no other is set, so that it is reported once and stops no other: the job is finished until somebody
 * edits its schedule.
 */
export function planFirings({ due, now }: Pick<Tick, 'due' | 'now'>, logger: Logger): Firing[] {
  return due.map((job) => {
    try {
      return firing(job, now);
    } catch (error) {
      logger.error({ job: job.job, err: error }, 'schedule cannot be read; the job has no slots until it is edited');
      return unreadable(job);
    }
  });
}

/** Runs of one call: those of many schedules that were down for long, all to run, would hold up whoever waits behind it. */
const MOST_RUNS_A_CALL = 250;

/** The same, in their order, in parts that make no call long. */
export function portionsOf(firings: readonly Firing[]): Firing[][] {
  const portions: Firing[][] = [];
  let runs = Infinity;
  for (const firing of firings) {
    runs += firing.runs.length;
    if (runs > MOST_RUNS_A_CALL) {
      portions.push([]);
      runs = firing.runs.length;
    }
    portions.at(-1)?.push(firing);
  }
  return portions;
}

function firing({ job, version, slot, definition }: DueJob, now: Tick['now']): Firing {
  const schedule = parseSchedule(definition);
  return { job, version, slot, ...planFiring({ job, schedule, policy: definition, slot, now }) };
}

function unreadable({ job, version, slot }: DueJob): Firing {
  const skipped = { first: slot, last: slot, count: 1, atLeast: true };
  return { job, version, slot, runs: [], skipped, next: null };
}
