/** Points in time as people type them: RFC 3339, `2026-11-24 02:00` in a zone, or `+90s` from now. */
import { parseSeconds } from './parse-duration.ts';
import { SECOND, type Instant } from '../../domain/instant.ts';

/** @returns null when the text is no point in time. A local time in the gap of a clock change is taken after it. */
export function parseTime(text: string, zone: string, now: Instant): Instant | null {
  if (text.startsWith('+')) {
    const seconds = parseSeconds(text.slice(1));
    return seconds === null ? null : now + seconds * SECOND;
  }
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return parseLocal(text, zone);
  }
}

/** The same of what is to come: `23:00` is the next time that the clock shows that. */
export function parseComing(text: string, zone: string, now: Instant): Instant | null {
  return /^\d{1,2}:\d\d(?::\d\d)?$/.test(text)
    ? nextOnTheClock(text.padStart(5, '0'), zone, now)
    : parseTime(text, zone, now);
}

/** The same of the past: `2h` is two hours before now. */
export function parseSince(text: string, zone: string, now: Instant): Instant | null {
  const seconds = parseSeconds(text);
  return seconds === null ? parseTime(text, zone, now) : now - seconds * SECOND;
}

function nextOnTheClock(text: string, zone: string, now: Instant): Instant | null {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
  const [first, second] = [today, today.add({ days: 1 })].map((day) => parseLocal(`${day.toString()} ${text}`, zone));
  return first != null && first > now ? first : (second ?? null);
}

function parseLocal(text: string, zone: string): Instant | null {
  try {
    return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;
  } catch {
    return null;
  }
}
