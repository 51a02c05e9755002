/**
 * A schedule: when the slots of a cron job are.
 *
 * Laws, each of them tested:
 * - `after` is strictly ascending: a slot after t is later than t, and no slot lies between.
 * - A slot is a whole second (but for `@every` from an anchor that is none), not before `startsAt`, before `endsAt`.
 * - Every schedule that parses has at least one slot.
 * - Whatever text is sent, parsing ends within 50 ms: its length is capped and every search is bounded.
 * - Pure: what it says depends on the definition and the rules of its zone, never on when it is asked.
 */
import type { Instant } from '../instant.ts';
import { LONGEST_EXPRESSION, parseCronExpression, unreadable } from './cron-expression.ts';
import { isEvery, parseEvery } from './every.ts';
import { resolveTimeZone } from './time-zone-name.ts';
import { timeZone } from './time-zone.ts';
import { countSlots, slotAfter } from './wall-clock.ts';

/** What of a definition says when its slots are; see `CronDefinition`, which is one. */
export interface ScheduleSpec {
  readonly schedule: string;
  readonly timezone: string;
  readonly anchor: Instant;
  readonly startsAt: Instant | null;
  readonly endsAt: Instant | null;
}

export interface Schedule {
  /** Whether it runs by elapsed time: `@every`, or an hour field of `*` or a step of it. Else at fixed local times. */
  readonly interval: boolean;
  /** The first slot strictly after the instant, or null when none is left. */
  after(instant: Instant): Instant | null;
  /** How many there are from `from` to before `until`. Costs a little for each hour, not for each slot. */
  count(from: Instant, until: Instant): number;
}

/** Unbounded, and the same for all jobs of one expression in one zone. */
interface Rule {
  readonly interval: boolean;
  readonly after: (instant: Instant) => Instant | null;
  /** Null: they are to be counted one by one. */
  readonly count: (from: Instant, until: Instant) => number | null;
}

/** Schedules end with the year 9999, the last that RFC 3339 can write. */
const END_OF_TIME = Date.UTC(10_000, 0, 1);

/** Rules are shared by text and zone; reading one anew costs some 50 µs, which 10,000 schedules a second cannot pay. */
const MOST_RULES = 20_000;
const rules = new Map<string, Rule>();

/**
 * @throws JobschedError `invalid_schedule` with the field at fault, `schedule` or `timezone`, when the text cannot be
 * read, the zone is unknown, or no slot ever comes.
 */
export function parseSchedule(spec: ScheduleSpec): Schedule {
  if (spec.schedule.length > LONGEST_EXPRESSION) {
    throw unreadable(spec.schedule, `has ${spec.schedule.length} characters`, `Use at most ${LONGEST_EXPRESSION}.`);
  }
  const { interval, after, count } = isEvery(spec.schedule) ? everyRule(spec) : cronRule(spec);
  const start = Math.max(spec.startsAt ?? 0, 0);
  const end = Math.min(spec.endsAt ?? END_OF_TIME, END_OF_TIME);
  const schedule: Schedule = {
    interval,
    after(instant) {
      // Written so that NaN, too, has no slot after it.
      if (!(instant < end)) return null;
      const slot = after(Math.max(instant, start - 1));
      return slot !== null && slot < end ? slot : null;
    },
    count(from, until) {
      const [first, last] = [Math.max(from, start), Math.min(until, end)];
      if (first >= last) return 0;
      return count(first, last) ?? countOneByOne(schedule, first, last);
    },
  };
  refuseIfNever(spec, schedule);
  return schedule;
}

function countOneByOne(schedule: Schedule, from: Instant, until: Instant): number {
  let count = 0;
  for (let slot = schedule.after(from - 1); slot !== null && slot < until; slot = schedule.after(slot)) count += 1;
  return count;
}

function refuseIfNever(spec: ScheduleSpec, schedule: Schedule): void {
  // Without `startsAt` the anchor is the job's creation: what came before is no slot of it.
  if (schedule.after((spec.startsAt ?? spec.anchor) - 1) !== null) return;
  const why = spec.endsAt === null ? 'never comes' : 'never comes before it ends';
  const hint =
    spec.endsAt === null
      ? 'No calendar has such a day. Ask for a preview of the schedule to see its next times.'
      : 'Set ends_at to a time after its first slot; ends_at itself is not included.';
  throw unreadable(spec.schedule, why, hint);
}

function cronRule(spec: ScheduleSpec): Rule {
  const key = `${spec.timezone}\n${spec.schedule}`;
  const known = rules.get(key);
  if (known !== undefined) return known;
  const zone = timeZone(resolveTimeZone(spec.timezone));
  const fields = parseCronExpression(spec.schedule);
  const rule: Rule = {
    interval: fields.interval,
    after: (instant) => slotAfter(fields, zone, instant),
    count: (from, until) => countSlots(fields, zone, from, until),
  };
  keepRule(key, rule);
  return rule;
}

function keepRule(key: string, rule: Rule): void {
  const oldest = rules.keys().next();
  if (rules.size >= MOST_RULES && oldest.done !== true) rules.delete(oldest.value);
  rules.set(key, rule);
}

/** The first slot is one period after the creation, but at `startsAt` itself where that is given. */
function everyRule(spec: ScheduleSpec): Rule {
  resolveTimeZone(spec.timezone);
  const period = parseEvery(spec.schedule);
  const first = spec.startsAt === null ? 1 : 0;
  /** Of the first slot after it, counted from the anchor. */
  const indexAfter = (instant: Instant): number => Math.max(first, Math.floor((instant - spec.anchor) / period) + 1);
  return {
    interval: true,
    after: (instant) => spec.anchor + indexAfter(instant) * period,
    count: (from, until) => indexAfter(until - 1) - indexAfter(from - 1),
  };
}
