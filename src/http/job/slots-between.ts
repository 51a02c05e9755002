/** The slots of a schedule within a span: one by one, and how many there are in each hour. */
import { HOUR, type Instant } from '../../domain/instant.ts';
import { parseSchedule, type Schedule, type ScheduleSpec } from '../../domain/schedule/schedule.ts';

/** More than so many are told by their hours alone. */
export const MOST_SLOTS = 200;
/** So many of an hour are counted one by one; more are reckoned from those, so that every second costs what every minute does. */
const MOST_COUNTED = 60;

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
  const hours = Array.from({ length: Math.ceil((until - since) / HOUR) }, () => 0);
  const slots: Instant[] = [];
  for (let slot = schedule.after(Math.max(since - 1, created)); slot !== null && slot < until;) {
    const hour = Math.floor((slot - since) / HOUR);
    const end = Math.min(until, since + (hour + 1) * HOUR);
    const counted = countFrom(schedule, slot, end);
    hours[hour] = counted.count;
    if (slots.length <= MOST_SLOTS) slots.push(...counted.slots);
    slot = counted.next;
  }
  return { slots: slots.length > MOST_SLOTS ? [] : slots, hours };
}

interface Counted {
  readonly slots: readonly Instant[];
  readonly count: number;
  readonly next: Instant | null;
}

function countFrom(schedule: Schedule, first: Instant, end: Instant): Counted {
  const slots: Instant[] = [];
  let slot: Instant | null = first;
  while (slot !== null && slot < end && slots.length < MOST_COUNTED) {
    slots.push(slot);
    slot = schedule.after(slot);
  }
  if (slot === null || slot >= end) return { slots, count: slots.length, next: slot };
  const count = Math.round((slots.length * (end - first)) / (slot - first));
  // That there are more than can be told one by one is all that these have to say.
  return { slots: Array.from({ length: count }, () => first), count, next: schedule.after(end - 1) };
}
