/** The slots of a schedule within a span: one by one, and how many there are in each hour. */
import { HOUR, type Instant } from '../../domain/instant.ts';
import { parseSchedule, type ScheduleSpec } from '../../domain/schedule/schedule.ts';

/** More than so many are told by their hours alone. */
export const MOST_SLOTS = 200;

export interface SlotsBetween {
  /** None when there are more than {@link MOST_SLOTS}. */
  readonly slots: readonly Instant[];
  /** For each hour from the beginning of the span. */
  readonly hours: readonly number[];
}

export interface Span {
  readonly since: Instant;
  /** Not included. */
  readonly until: Instant;
}

/** @param created what came before that is no slot of it. */
export function slotsBetween(spec: ScheduleSpec, { since, until }: Span, created: Instant): SlotsBetween {
  const schedule = parseSchedule(spec);
  const hours = Array.from({ length: Math.ceil((until - since) / HOUR) }, (_, index) => {
    const hour = since + index * HOUR;
    return schedule.count(Math.max(hour, created + 1), Math.min(until, hour + HOUR));
  });
  const slots: Instant[] = [];
  if (hours.reduce((sum, count) => sum + count, 0) > MOST_SLOTS) return { slots, hours };
  for (
    let slot = schedule.after(Math.max(since - 1, created));
    slot !== null && slot < until;
    slot = schedule.after(slot)
  ) {
    slots.push(slot);
  }
  return { slots, hours };
}
