/** Points in time, in the zone that the reader asked for: their own, or UTC with `--utc`. */
import { biggestUnit, nearestDuration, roughDuration } from './duration.ts';
import { SECOND, type Instant } from '../../domain/instant.ts';

/** How times are shown, and what time it is for the reader. */
export interface Moment {
  readonly now: Instant;
  /** IANA name. */
  readonly zone: string;
  /** The reader asked for just this zone: a job's own gives way to it. */
  readonly isAsked?: boolean;
}

/** `in 4s`, `2m ago`, `now`. Less than a second either way is now. What was made to come in an hour comes in 1h a moment later. */
export function relative(at: Instant, now: Instant): string {
  const distance = Math.abs(at - now);
  if (distance < SECOND) return 'now';
  return at > now ? `in ${nearestDuration(distance)}` : `${roughDuration(distance)} ago`;
}

/** `13h ago`, `now`: as short as an age can be told. What is still to come is now. */
export function age(at: Instant, now: Instant): string {
  return now - at < SECOND ? 'now' : `${biggestUnit(now - at)} ago`;
}

/** `14:35:10` on the reader's day, else `2026-11-24 02:00:00`. */
export function clockTime(at: Instant, { now, zone }: Moment): string {
  const then = zoned(at, zone);
  const time = then.toPlainTime().toString({ smallestUnit: 'second' });
  const sameDay = then.toPlainDate().equals(zoned(now, zone).toPlainDate());
  return sameDay ? time : `${then.toPlainDate().toString()} ${time}`;
}

/** `2026-11-24 02:00 Europe/Berlin (in 7h)`. */
export function fullTime(at: Instant, { now, zone }: Moment): string {
  return `${timeIn(zone, at)} (${relative(at, now)})`;
}

/** `2026-11-24 07:00 America/New_York`: by the clock of that zone, with seconds where there are some. */
export function timeIn(zone: string, at: Instant): string {
  const then = zoned(at, zone);
  const time = then.toPlainTime().toString({ smallestUnit: then.second === 0 ? 'minute' : 'second' });
  return `${then.toPlainDate().toString()} ${time} ${zone}`;
}

/** `2026-11-24T02:00:00.123+01:00`: RFC 3339, for lines of a log. */
export function stampTime(at: Instant, zone: string): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString({ timeZone: zone, fractionalSecondDigits: 3 });
  return zone === 'UTC' ? text.replace('+00:00', 'Z') : text;
}

function zoned(at: Instant, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
}
