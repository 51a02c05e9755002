/**
 * A cron expression, read: which local times it names, before any time zone has its say.
 *
 * A local time is what a wall clock shows, counted in whole seconds since 1970-01-01 00:00:00 as if every day had 24
 * hours (`LocalSecond`). Local times have no gaps and no repeats; those come from the zone, in `wall-clock.ts`.
 *
 * Invariants of `CronFields`:
 * - `seconds`, `minutes` and `hours` are ascending and never empty; everything is immutable and may be shared.
 * - A search looks at no more than the 400 years after which the calendar repeats itself, weekdays and all, so it is
 *   exact, and its cost is bounded: 4,801 months, of which 28 are looked into, less than a millisecond.
 *
 * Why not let croner walk: for each of its steps it takes 3 µs where this takes 0.1, for a schedule that never comes up
 * to 90 ms, and a pattern of it holds a table of 10,000 years. What days mean stays croner's word; a property test
 * compares the two.
 */
import { DAY } from '../instant.ts';

/** Whole seconds since 1970-01-01 00:00:00 on the wall clock. */
export type LocalSecond = number;

/** Days since 1970-01-01 on the calendar. */
type DayNumber = number;

export interface CronFields {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Twelve, January first. */
  readonly months: readonly boolean[];
  readonly days: DayRule;
  /** Whether the hour is a star or a step of it, so that it runs by elapsed time. See `wall-clock.ts`. */
  readonly interval: boolean;
}

export interface DayRule {
  /** 31, the 1st first. */
  readonly dates: readonly boolean[];
  /** `15W`: the weekdays, Monday to Friday, nearest to these dates, within the month. */
  readonly nearestWeekdays: readonly number[];
  /** `L`: the last day of the month. */
  readonly lastDay: boolean;
  /** `LW`: the last of Monday to Friday in the month. */
  readonly lastWeekday: boolean;
  /** Seven, Sunday first: bit 0 to 4 for the first to the fifth of the month, bit 5 for the last; all six for any. */
  readonly weekdays: readonly number[];
  /** How day and weekday go together when both are given: either will do, or (`+` before the weekday) both must hold. */
  readonly combine: 'date' | 'weekday' | 'either' | 'both';
}

const DAY_SECONDS = 86_400;
const LAST_OF_MONTH = 32;
const MONTHS_OF_CYCLE = 400 * 12;

/** The first local time at or after `from` that the fields name, or null when there is none, ever. */
export function firstLocalTime(fields: CronFields, from: LocalSecond): LocalSecond | null {
  const today = Math.floor(from / DAY_SECONDS);
  const day = firstDay(fields, today);
  if (day === null) return null;
  const time = firstTimeOfDay(fields, day === today ? from - today * DAY_SECONDS : 0);
  if (time !== null) return day * DAY_SECONDS + time;
  const later = firstDay(fields, day + 1);
  return later === null ? null : later * DAY_SECONDS + (firstTimeOfDay(fields, 0) ?? 0);
}

/** How many local times from `from` to before `until` the fields name. Costs a little for each hour, however many they are. */
export function countLocalTimes(fields: CronFields, from: LocalSecond, until: LocalSecond): number {
  let count = 0;
  for (let at = from; at < until;) {
    const next = Math.min(until, (Math.floor(at / 3_600) + 1) * 3_600);
    const today = Math.floor(at / DAY_SECONDS);
    const hour = Math.floor(at / 3_600) - today * 24;
    if (fields.hours.includes(hour) && firstDay(fields, today) === today) {
      const begin = (today * 24 + hour) * 3_600;
      count += countBefore(fields, next - begin) - countBefore(fields, at - begin);
    }
    at = next;
  }
  return count;
}

/** In an hour, before a second of it. */
function countBefore({ minutes, seconds }: CronFields, end: number): number {
  const [minute, second] = [Math.floor(end / 60), end % 60];
  const whole = minutes.filter((each) => each < minute).length * seconds.length;
  return minutes.includes(minute) ? whole + seconds.filter((each) => each < second).length : whole;
}

/** @returns seconds since midnight. */
function firstTimeOfDay(fields: CronFields, from: number): number | null {
  const [hour, minute, second] = [Math.floor(from / 3_600), Math.floor(from / 60) % 60, from % 60];
  const { hours, minutes, seconds } = fields;
  if (hours.includes(hour)) {
    const inMinute = minutes.includes(minute) ? firstFrom(seconds, second) : null;
    if (inMinute !== null) return hour * 3_600 + minute * 60 + inMinute;
    const nextMinute = firstFrom(minutes, minute + 1);
    if (nextMinute !== null) return hour * 3_600 + nextMinute * 60 + (seconds[0] ?? 0);
  }
  const nextHour = firstFrom(hours, hour + 1);
  return nextHour === null ? null : nextHour * 3_600 + (minutes[0] ?? 0) * 60 + (seconds[0] ?? 0);
}

function firstFrom(ascending: readonly number[], from: number): number | null {
  for (const value of ascending) if (value >= from) return value;
  return null;
}

function firstDay(fields: CronFields, from: DayNumber): DayNumber | null {
  const start = new Date(from * DAY);
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth()];
  if (fields.months[month] === true) {
    const current = monthOf(year, month);
    const date = firstDateOfMonth(fields.days, start.getUTCDate(), current);
    if (date !== null) return current.first + date - 1;
  }
  return firstDayAfter(fields, year, month);
}

/** In the months after one. There are 28 kinds of them, by length and first weekday: each is looked into once. */
function firstDayAfter(fields: CronFields, year: number, after: number): DayNumber | null {
  const barren = new Set<number>();
  for (let number = after + 1; number <= after + MONTHS_OF_CYCLE; number++) {
    if (fields.months[number % 12] !== true) continue;
    const month = monthOf(year, number);
    const kind = 7 * month.last + month.firstWeekday;
    if (barren.has(kind)) continue;
    const date = firstDateOfMonth(fields.days, 1, month);
    if (date !== null) return month.first + date - 1;
    barren.add(kind);
  }
  return null;
}

/** @param month from 0, also beyond the year. */
function monthOf(year: number, month: number): Month {
  const first = Date.UTC(year, month, 1) / DAY;
  // 1970-01-01 was a Thursday.
  return { first, last: Date.UTC(year, month + 1, 1) / DAY - first, firstWeekday: (((first + 4) % 7) + 7) % 7 };
}

interface Month {
  /** The day that is its first. */
  readonly first: DayNumber;
  /** Its last date: 28 to 31. */
  readonly last: number;
  /** The weekday of its first: 0 is Sunday. */
  readonly firstWeekday: number;
}

function firstDateOfMonth(rule: DayRule, from: number, month: Month): number | null {
  for (let date = from; date <= month.last; date++) if (isDayOf(rule, date, month)) return date;
  return null;
}

function isDayOf(rule: DayRule, date: number, month: Month): boolean {
  if (rule.combine === 'date') return isDateOf(rule, date, month);
  if (rule.combine === 'weekday') return isWeekdayOf(rule, date, month);
  if (rule.combine === 'both') return isDateOf(rule, date, month) && isWeekdayOf(rule, date, month);
  return isDateOf(rule, date, month) || isWeekdayOf(rule, date, month);
}

function isDateOf(rule: DayRule, date: number, month: Month): boolean {
  return (
    rule.dates[date - 1] === true ||
    (rule.lastDay && date === month.last) ||
    (rule.lastWeekday && date === nearestWeekday(month.last, month)) ||
    rule.nearestWeekdays.some((wanted) => wanted <= month.last && date === nearestWeekday(wanted, month))
  );
}

function isWeekdayOf(rule: DayRule, date: number, month: Month): boolean {
  const mask = rule.weekdays[weekdayOf(date, month)] ?? 0;
  const nth = 1 << Math.floor((date - 1) / 7);
  return (mask & nth) !== 0 || ((mask & LAST_OF_MONTH) !== 0 && date + 7 > month.last);
}

/** Saturday moves to the Friday before, Sunday to the Monday after, but neither leaves the month. */
function nearestWeekday(date: number, month: Month): number {
  const weekday = weekdayOf(date, month);
  if (weekday === 6) return date === 1 ? 3 : date - 1;
  if (weekday === 0) return date === month.last ? date - 2 : date + 1;
  return date;
}

function weekdayOf(date: number, month: Month): number {
  return (month.firstWeekday + date - 1) % 7;
}
