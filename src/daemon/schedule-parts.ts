/**
 * What fires slots and what removes the old. Any number of servers may have them on one store: a slot is fired once
 * whoever tries, and what one janitor has removed the next one does not find.
 */
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { Janitor } from '../scheduler/janitor.ts';
import { Sampler } from '../scheduler/sampler.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import type { Store } from '../store/store.ts';

/** How long and how many finished once jobs are kept (design section 4, Retention), and what was audited. */
const KEEP = { onceKeepDays: 7, onceKeepCount: 100_000, auditKeepDays: 365, auditKeepCount: 100_000 } as const;

interface ScheduleOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: { readonly outputBudget: number };
}

export function newScheduler({ clock, logger }: ScheduleOptions, store: Store): Scheduler {
  return new Scheduler({ store, clock, logger });
}

export function newJanitor({ logger, settings }: ScheduleOptions, store: Store): Janitor {
  return new Janitor({ store, logger, policy: { ...KEEP, outputBudgetBytes: settings.outputBudget } });
}

export function newSampler({ logger }: ScheduleOptions, store: Store): Sampler {
  return new Sampler({ store, logger });
}
