/** The next times of a schedule, and what clocks that are put forward or back do to them. */
import { SECOND, type Instant } from '../instant.ts';
import { parseCronExpression } from './cron-expression.ts';
import { firstLocalTime, type CronFields, type LocalSecond } from './cron-fields.ts';
import { isEvery } from './every.ts';
import { parseSchedule, type ScheduleSpec } from './schedule.ts';
import { resolveTimeZone } from './time-zone-name.ts';
import { timeZone, type Span, type TimeZone } from './time-zone.ts';

export interface PreviewedSlot {
  readonly slot: Instant;
  /** RFC 3339 with the offset of the schedule's zone: what a clock shows there. */
  readonly local: string;
  /** Why it is not at the time that was asked for, or that this time comes twice; null when there is nothing to say. */
  readonly note: string | null;
}

/**
 * The first `count` slots after the instant, fewer when the schedule ends.
 *
 * @throws JobschedError `invalid_schedule` as `parseSchedule` does.
 */
export function previewSchedule(spec: ScheduleSpec, after: Instant, count: number): PreviewedSlot[] {
  const schedule = parseSchedule(spec);
  const zone = timeZone(resolveTimeZone(spec.timezone));
  const fields = isEvery(spec.schedule) ? null : parseCronExpression(spec.schedule);
  const slots: PreviewedSlot[] = [];
  for (let slot = schedule.after(after); slot !== null && slots.length < count; slot = schedule.after(slot)) {
    const note = fields === null ? null : (noteOnGap(fields, zone, slot) ?? noteOnRepeat(fields, zone, slot));
    slots.push({ slot, local: localRfc3339(slot, zone), note });
  }
  return slots;
}

/** Says which local times do not exist, when the slot is there on their account. */
function noteOnGap(fields: CronFields, zone: TimeZone, slot: Instant): string | null {
  const span = zone.spanAt(slot);
  const wanted = timesInGap(fields, span, slot);
  const shown = (slot + span.offset) / SECOND;
  const [first] = wanted;
  if (first === undefined || (fields.interval && firstLocalTime(fields, shown) === shown)) return null;
  const sameDay = dateOf(first) === dateOf(shown);
  const text = sameDay ? timeOf : dateAndTimeOf;
  const missing = wanted.length > 3 ? `${text(first)} and others` : inWords(wanted.map(text));
  const verb = wanted.length === 1 ? 'does' : 'do';
  return `${missing} ${verb} not exist ${sameDay ? 'on this day ' : ''}in ${zone.name}; runs at ${text(shown)}`;
}

/** Local times of the schedule that no clock shows and that gave this slot; at most four. */
function timesInGap(fields: CronFields, span: Span, slot: Instant): LocalSecond[] {
  const gapEnd = (span.start + span.offset) / SECOND;
  if (!(span.before < span.offset) || slot >= span.start + (span.offset - span.before)) return [];
  if (!fields.interval && slot !== span.start) return [];
  const found: LocalSecond[] = [];
  const most = fields.interval ? 1 : 4;
  let local = firstLocalTime(fields, (slot + span.before) / SECOND);
  while (local !== null && local < gapEnd && found.length < most) {
    found.push(local);
    local = firstLocalTime(fields, local + 1);
  }
  return found;
}

function noteOnRepeat(fields: CronFields, zone: TimeZone, slot: Instant): string | null {
  const span = zone.spanAt(slot);
  const first = slot + span.offset >= span.end + offsetAfter(zone, span);
  const second = slot < span.start + (span.before - span.offset);
  if (!first && !second) return null;
  const time = timeOf((slot + span.offset) / SECOND);
  const runs = fields.interval ? `both times, this is the ${first ? 'first' : 'second'}` : 'the first time';
  return `${time} comes twice on this day in ${zone.name}; runs ${runs}`;
}

function offsetAfter(zone: TimeZone, span: Span): number {
  return span.end === Infinity ? span.offset : zone.spanAt(span.end).offset;
}

function inWords(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

function dateOf(local: LocalSecond): string {
  return new Date(local * SECOND).toISOString().slice(0, 10);
}

/** 02:30, or 02:30:15 when it is not on the minute. */
function timeOf(local: LocalSecond): string {
  return new Date(local * SECOND).toISOString().slice(11, local % 60 === 0 ? 16 : 19);
}

function dateAndTimeOf(local: LocalSecond): string {
  return `${dateOf(local)} ${timeOf(local)}`;
}

function localRfc3339(slot: Instant, zone: TimeZone): string {
  const at = Temporal.Instant.fromEpochMilliseconds(slot).toZonedDateTimeISO(zone.name);
  return at.toString({ timeZoneName: 'never' });
}
