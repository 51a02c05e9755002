/** A schedule for people: what it means in words, its next times, and what the change of the clock does to them. */
import { escapeLine } from '../format/escape.ts';
import { relative, type Moment } from '../format/time.ts';
import type { PreviewView } from '../../client/client.ts';

/** @param moment with `--utc` its zone takes the place of the schedule's. Ends with a line feed. */
export function previewText({ words, timezone, slots, notes }: PreviewView, moment: Moment): string {
  const zone = moment.isAsked ? moment.zone : timezone;
  const times = slots.map(({ at, note }) => {
    const time = `  ${dayAndTime(Date.parse(at), zone)}   ${relative(Date.parse(at), moment.now)}`;
    return note === null ? time : `${time}   ${note}`;
  });
  const none = slots.length === 0 ? ['  it never comes'] : [];
  return [`${words} (${timezone})`, ...times, ...none, ...notes.map((note) => `  note: ${note}`)]
    .map((line) => `${escapeLine(line)}\n`)
    .join('');
}

/** `Tue 2026-11-24 02:00:00 +01:00`: days of the week are what people check first. */
function dayAndTime(at: number, zone: string): string {
  const then = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const day = DAYS[then.dayOfWeek - 1] ?? '';
  const time = then.toPlainTime().toString({ smallestUnit: then.second === 0 ? 'minute' : 'second' });
  return `${day} ${then.toPlainDate().toString()} ${time} ${then.offset}`;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
