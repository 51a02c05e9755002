/** Points in time for people, as the clocks of a zone show them: 24 hours, no more than is needed to tell one from others. */
const KINDS = {
  time: { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  millis: { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 },
  minute: { hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  year: { day: 'numeric', month: 'short', year: 'numeric' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  full: {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** Made once each: making one takes longer than using it a hundred times. */
const made = new Map<string, Intl.DateTimeFormat>();

function format(kind: keyof typeof KINDS, at: number, zone: string | undefined): string {
  const key = `${kind} ${zone}`;
  let formatter = made.get(key);
  if (formatter === undefined) {
    const options: Intl.DateTimeFormatOptions = { ...KINDS[kind], hourCycle: 'h23' };
    formatter = new Intl.DateTimeFormat('en-GB', zone === undefined ? options : { ...options, timeZone: zone });
    made.set(key, formatter);
  }
  return formatter.format(at);
}

/**
 * `14:35:10` today, `24 Nov 02:00:00` this year, with the year otherwise.
 *
 * @param zone the browser's when it is not given.
 */
export function shortTime(at: number, now: number, zone?: string): string {
  const time = format('time', at, zone);
  const year = format('year', at, zone);
  const today = format('year', now, zone);
  if (year === today) return time;
  return `${year.slice(-4) === today.slice(-4) ? format('day', at, zone) : year} ${time}`;
}

/** `Tue 24 Nov 02:00:00`. */
export const dayTime = (at: number, zone?: string): string => `${dayName(at, zone)} ${format('time', at, zone)}`;

/** `14:35:10.042`, for lines of output. */
export const clockTime = (at: number, zone?: string): string => format('millis', at, zone);

/** `14:35`. */
export const stepTime = (at: number, zone?: string): string => format('minute', at, zone);

/** `Tue 24 Nov`. */
export const dayName = (at: number, zone?: string): string => format('weekday', at, zone).replace(',', '');

/** Everything, for tooltips: `Tue, 24 Nov 2026, 02:00:00 CET · 2026-11-24T01:00:00.000Z`. */
export const fullTime = (at: number, zone?: string): string =>
  `${format('full', at, zone)} · ${new Date(at).toISOString()}`;

const ZONED = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/;

/**
 * A time with an offset, `2026-11-24T02:00:00+01:00`, as its own zone's clocks show it: `Tue 24 Nov 02:00:00`, or only
 * the time when it is of the same day as `before`.
 */
export function zonedTime(local: string, before: string | null): string {
  const [, year, month, day, time] = ZONED.exec(local) ?? [];
  if (time === undefined) return local;
  if (before?.slice(0, 10) === local.slice(0, 10)) return time;
  return `${dayName(Date.UTC(Number(year), Number(month) - 1, Number(day)), 'UTC')} ${time}`;
}
