/** Whole definitions and new jobs from the few fields that a test is about. */
import { randomUUID } from 'node:crypto';
import { jobId } from '../../src/domain/id.ts';
import { COMMON_DEFAULTS, CRON_DEFAULTS, type CronDefinition, type OnceDefinition } from '../../src/domain/job.ts';
import type { NewJob } from '../../src/store/jobs.ts';
import { START } from './clock.ts';

export function onceDefinition(fields: Partial<Omit<OnceDefinition, 'type'>> = {}): OnceDefinition {
  return { ...COMMON_DEFAULTS, type: 'once', command: 'true', runAt: null, ...fields };
}

/** Every minute in UTC, unless `fields` say otherwise. */
export function cronDefinition(fields: Partial<Omit<CronDefinition, 'type'>> = {}): CronDefinition {
  return {
    ...COMMON_DEFAULTS,
    ...CRON_DEFAULTS,
    type: 'cron',
    command: 'true',
    schedule: '0 * * * * *',
    timezone: 'UTC',
    anchor: START,
    ...fields,
  };
}

/** As a caller of `createJobs` makes it, with an id of its own. */
export function newJob(definition: NewJob['definition'], fields: Partial<Omit<NewJob, 'definition'>> = {}): NewJob {
  return { id: jobId(randomUUID()), definition, nextSlot: null, ...fields };
}
