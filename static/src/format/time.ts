/** Points in time for people, in the browser's zone: 24 hours, no more than is needed to tell it from others. */
const part = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => new Intl.DateTimeFormat('en-GB', options);

const TIME = part({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MILLIS = part({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
const DAY = part({ day: 'numeric', month: 'short' });
const YEAR = part({ day: 'numeric', month: 'short', year: 'numeric' });
const FULL = part({
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});

/** `14:35:10` today, `24 Nov 02:00:00` this year, with the year otherwise. */
export function shortTime(at: number, now: number): string {
  if (YEAR.format(at) === YEAR.format(now)) return TIME.format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return `${(sameYear ? DAY : YEAR).format(at)} ${TIME.format(at)}`;
}

/** `14:35:10.042`, for lines of output. */
export const clockTime = (at: number): string => MILLIS.format(at);

/** Everything, for tooltips: `Tue, 24 Nov 2026, 02:00:00 CET · 2026-11-24T01:00:00.000Z`. */
export const fullTime = (at: number): string => `${FULL.format(at)} · ${new Date(at).toISOString()}`;

const ZONED = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/;

/**
 * A time with an offset, `2026-11-24T02:00:00+01:00`, as its own zone's clocks show it: `Tue 24 Nov 02:00:00`, or only
 * the time when it is of the same day as `before`.
 */
export function zonedTime(local: string, before: string | null): string {
  const [, year, month, day, time] = ZONED.exec(local) ?? [];
  if (time === undefined) return local;
  if (before?.slice(0, 10) === local.slice(0, 10)) return time;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return `${WEEKDAY.format(date)} ${time}`.replace(',', '');
}

const WEEKDAY = part({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
