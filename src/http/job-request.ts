/** Judges a job that was sent: its fields, the rules between them, and its schedule, all at once. */
import { JobschedError } from '../errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { CronDefinition, JobDefinition } from '../domain/job.ts';
import { parseSchedule } from '../domain/schedule/schedule.ts';
import { toDefinition, type DefinitionContext } from './job-definition.ts';
import { ruleFaults, typeOf, type ReadableBody } from './job-rules.ts';
import { newJobBody, type NewJobBody } from './schema/job-body.ts';
import { fault, judge, type Fault, type Judged, type Judging } from './validate.ts';

export function judgeJob(value: unknown, context: DefinitionContext, judging: Judging = {}): Judged<JobDefinition> {
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

/** Reads the schedule although other fields may be at fault. */
function scheduleFaults(readable: ReadableBody, context: DefinitionContext): Fault[] {
  if (typeOf(readable) === 'once') return [];
  try {
    const { schedule, timezone, starts_at, ends_at } = readable;
    const body: NewJobBody = { command: 'true', schedule, timezone, starts_at, ends_at };
    const definition = toDefinition(body, context);
    if (definition.type === 'cron' && !isBackwards(definition)) parseSchedule(definition);
    return [];
  } catch (error) {
    if (error instanceof JobschedError && error.code === 'invalid_schedule') return [toFault(error)];
    throw error;
  }
}

/** The rules tell of it already. */
const isBackwards = ({ startsAt, endsAt }: CronDefinition): boolean =>
  startsAt !== null && endsAt !== null && startsAt >= endsAt;

function toFault(error: JobschedError): Fault {
  return {
    code: 'invalid_schedule',
    field: error.field ?? 'schedule',
    message: error.message,
    ...(error.hint !== null && { hint: error.hint }),
  };
}

function place(each: Fault, at: string): Fault {
  return at === '' ? each : { ...each, field: `${at}.${each.field}` };
}
