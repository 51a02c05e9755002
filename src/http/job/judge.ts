/** Judges a job that was sent: its fields, the rules between them, and its schedule, all at once. */
import type { Instant } from '../../domain/instant.ts';
import type { CronDefinition, JobDefinition } from '../../domain/job.ts';
import { parseSchedule } from '../../domain/schedule/schedule.ts';
import { resolveTimeZone } from '../../domain/schedule/time-zone-name.ts';
import { toDefinition } from './definition.ts';
import { periodFaults, ruleFaults, typeOf, type ReadableBody } from './rules.ts';
import { scheduleFault, toScheduleSpec, type ScheduleContext } from './schedule-spec.ts';
import { newJobBody } from '../schema/job-body.ts';
import { fault, judge, type Fault, type Judged, type Judging } from '../request/validate.ts';

export function judgeJob(value: unknown, context: ScheduleContext, judging: Judging = {}): Judged<JobDefinition> {
  const { at = '' } = judging;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, faults: [fault(at || 'body', 'must be an object: a job')], all: true };
  }
  const judged = judge(newJobBody, value, { ...judging, at: '' });
  const placed = (faults: readonly Fault[]): Fault[] => faults.map((each) => place(each, at));
  if (!judged.ok && !judged.all) return { ...judged, faults: placed(judged.faults) };
  const readable = judged.ok ? judged.value : withoutFaulty(value, judged.faults);
  const faults = [...(judged.ok ? [] : judged.faults), ...ruleFaults(readable), ...scheduleFaults(readable, context)];
  if (!judged.ok || faults.length > 0) return { ok: false, faults: placed(faults), all: true };
  return { ok: true, value: toDefinition(judged.value, context) };
}

/** The first slot after an instant; null for a once job, and when none is left. */
export function nextSlot(definition: JobDefinition, after: Instant): Instant | null {
  return definition.type === 'once' ? null : parseSchedule(definition).after(after);
}

/** Whether the two have the same slots. */
export function sameSlots(one: JobDefinition, other: JobDefinition): boolean {
  if (one.type === 'once' || other.type === 'once') return one.type === other.type;
  return SLOT_FIELDS.every((field) => one[field] === other[field]);
}

const SLOT_FIELDS = [
  'schedule',
  'timezone',
  'anchor',
  'startsAt',
  'endsAt',
] as const satisfies readonly (keyof CronDefinition)[];

/** What could be read, judged by its schema but for the fields at fault. */
function withoutFaulty(value: object, faults: readonly Fault[]): ReadableBody {
  const faulty = new Set(faults.map((each) => each.field.split(/[.[]/, 1)[0]));
  return Object.fromEntries(Object.entries(value).filter(([field]) => !faulty.has(field)));
}

/**
 * Reads the schedule although other fields may be at fault, its zone or its period, too: then its text is judged alone. A
 * period that is backwards, the rules tell of already.
 */
function scheduleFaults(readable: ReadableBody, context: ScheduleContext): Fault[] {
  if (typeOf(readable) === 'once') return [];
  const inZone = faultsOf(() => resolveTimeZone(readable.timezone ?? context.timezone));
  const isAlone = inZone.length > 0 || periodFaults(readable).length > 0;
  const judged = isAlone ? { schedule: readable.schedule, timezone: 'UTC' } : readable;
  return [...inZone, ...faultsOf(() => parseSchedule(toScheduleSpec(judged, context)))];
}

function faultsOf(read: () => unknown): Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    return [scheduleFault(error)];
  }
}

function place(each: Fault, at: string): Fault {
  return at === '' ? each : { ...each, field: `${at}.${each.field}` };
}
