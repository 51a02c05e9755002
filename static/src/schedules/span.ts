/**
 * The time that a calendar shows, on the clocks of one zone. Without a date it goes with the present: a day from a few hours
 * ago on, so that last night and the next are both in it, or a week from yesterday on.
 */
export type CalendarView = 'day' | 'week';

export interface CalendarSpan {
  readonly since: number;
  readonly until: number;
}

const HOUR = 3_600_000;
/** How far back the day goes that goes with the present. */
const BACK = 6 * HOUR;
const WEEK_DAYS = 7;

/** @param date `2026-11-24`; null for the present. */
export function spanOf(view: CalendarView, date: string | null, zone: string, now: number): CalendarSpan {
  if (view === 'week') {
    const first = date ?? daysAfter(dateIn(now, zone), -1);
    return { since: dayStart(first, zone), until: dayStart(daysAfter(first, WEEK_DAYS), zone) };
  }
  if (date !== null) return { since: dayStart(date, zone), until: dayStart(daysAfter(date, 1), zone) };
  const since = Math.floor((now - BACK) / HOUR) * HOUR;
  return { since, until: since + 24 * HOUR };
}

/** The date that is so many spans further on. */
export function dateMoved(view: CalendarView, date: string | null, by: number, zone: string, now: number): string {
  const from = date ?? daysAfter(dateIn(now, zone), view === 'week' ? -1 : 0);
  return daysAfter(from, by * (view === 'week' ? WEEK_DAYS : 1));
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/** Null for what is no date. */
export const readDate = (text: string | undefined): string | null =>
  text !== undefined && DATE.test(text) && !Number.isNaN(Date.parse(text)) ? text : null;

/** The date that a clock of the zone shows, `2026-11-24`. */
export function dateIn(at: number, zone: string): string {
  const local = new Date(at + offsetAt(at, zone));
  return local.toISOString().slice(0, 10);
}

export function daysAfter(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** When a day begins. Where the clocks leave midnight out, when they go on. */
export function dayStart(date: string, zone: string): number {
  const local = Date.parse(`${date}T00:00:00Z`);
  const guess = local - offsetAt(local, zone);
  return Math.max(guess, local - offsetAt(guess, zone));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far the zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const format = formats.get(zone) ?? newFormat(zone);
  formats.set(zone, format);
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000;
}

const newFormat = (zone: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
