/**
 * The law of clocks that are put forward and back: which instants the local times of a schedule mean.
 *
 * A zone's clock jumps where two of its spans meet (`time-zone.ts`). Forward, it leaves a *gap*: local times that no
 * clock shows. Back, it makes a *repeat*: local times that it shows twice. Whole days can fall into a gap (Samoa had no
 * 30 December 2011), and a jump need not be an hour (Lord Howe Island: 30 minutes).
 *
 * **Fixed times** (any hour field but those below). Each local time gives one slot on its day:
 * - one that exists: the instant at which the clock shows it; when it is shown twice, the first of them;
 * - one in a gap: the first instant after the gap. Several collapse into one slot.
 *
 * **Intervals** (hour field a star, or a step of it) run by elapsed time, as if nobody had touched the clock:
 * - every instant at which the clock shows a local time of the schedule, in a repeat both times;
 * - for a local time in a gap, the instant at which the clock would have shown it, had it not been put forward: 02:30 in
 *   a gap from 02:00 to 03:00 is the instant that is then called 03:30. (It lies within the first hour after the jump,
 *   and if the clock is put again in that hour, what would come after that is left out.)
 *
 * So with whole-hour jumps and `*` as the hour, what the gap adds are instants that match anyway, and slots are evenly
 * spaced by real time all the year. The gap rule matters elsewhere: half past every second hour in Berlin still comes in
 * that night in March, two hours after 00:30; and `0 15 * * * *` on Lord Howe Island still comes at least every hour.
 */
import { SECOND, type Instant } from '../instant.ts';
import { countLocalTimes, firstLocalTime, type CronFields, type LocalSecond } from './cron-fields.ts';
import type { Span, TimeZone } from './time-zone.ts';

/** The first slot strictly after the instant, or null when the fields name no time at all. */
export function slotAfter(fields: CronFields, zone: TimeZone, instant: Instant): Instant | null {
  return fields.interval ? intervalFrom(fields, zone, instant + 1) : fixedAfter(fields, zone, instant);
}

/**
 * How many slots there are from `from` to before `until`, without looking at each. Null where the clock is changed at that
 * time, or has just been: what its jump repeats or leaves out is counted one by one.
 */
export function countSlots(fields: CronFields, zone: TimeZone, from: Instant, until: Instant): number | null {
  const span = zone.spanAt(from);
  const settled = span.start + Math.abs(span.offset - span.before);
  if (from < settled || until > span.end) return null;
  const shown = (instant: Instant): LocalSecond => Math.ceil((instant + span.offset) / SECOND);
  return countLocalTimes(fields, shown(from), shown(until));
}

/**
 * Each span owns the local times from what the clock before it showed last to what it shows last itself: the repeat
 * belongs to the span before, the gap to the one after. So they share out all local times, and each gives one slot.
 */
function fixedAfter(fields: CronFields, zone: TimeZone, instant: Instant): Instant | null {
  const span = zone.spanAt(instant);
  const shown = Math.floor((instant + span.offset) / SECOND) + 1;
  const local = firstLocalTime(fields, Math.max(shown, (span.start + span.before) / SECOND));
  if (local === null) return null;
  const owner = ownerOf(local, zone, span);
  return Math.max(local * SECOND - owner.offset, owner.start);
}

/** @param near the span that owns it, or one before that. */
function ownerOf(local: LocalSecond, zone: TimeZone, near: Span): Span {
  const shown = local * SECOND;
  if (shown < near.end + near.offset) return near;
  let span = zone.spanAt(shown - near.offset);
  while (shown < span.start + span.before) span = zone.spanAt(span.start - 1);
  while (shown >= span.end + span.offset) span = zone.spanAt(span.end);
  return span;
}

function intervalFrom(fields: CronFields, zone: TimeZone, instant: Instant): Instant | null {
  let from = instant;
  for (;;) {
    const span = zone.spanAt(from);
    const shown = firstShown(fields, from, span.offset);
    if (shown === null) return null;
    const unshifted = firstInGap(fields, from, span);
    const slot = unshifted === null ? shown : Math.min(shown, unshifted);
    if (slot < span.end) return slot;
    // Only to the next change, however far `shown` lies beyond it: a clock put back may show today's times again.
    from = span.end;
  }
}

/** The first instant at or after `from` at which a clock of this offset shows a local time of the schedule. */
function firstShown(fields: CronFields, from: Instant, offset: number): Instant | null {
  const local = firstLocalTime(fields, Math.ceil((from + offset) / SECOND));
  return local === null ? null : local * SECOND - offset;
}

/** The same by the clock as it was before it was put forward, as long as that would have shown times of the gap. */
function firstInGap(fields: CronFields, from: Instant, span: Span): Instant | null {
  const gapEnd = span.start + (span.offset - span.before);
  if (!(from < gapEnd)) return null;
  const slot = firstShown(fields, from, span.before);
  return slot !== null && slot < gapEnd ? slot : null;
}
