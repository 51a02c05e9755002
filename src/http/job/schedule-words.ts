/** Schedules in words, remembered: finding them takes some 100 µs, and a page of jobs shows 200. */
import { describeSchedule } from '../../domain/schedule/describe.ts';

const MOST = 5_000;
const words = new Map<string, string>();

/** @param schedule one that has been parsed. */
export function scheduleWords(schedule: string): string {
  const known = words.get(schedule);
  if (known !== undefined) return known;
  const oldest = words.keys().next();
  if (words.size >= MOST && oldest.done !== true) words.delete(oldest.value);
  const found = describeSchedule(schedule);
  words.set(schedule, found);
  return found;
}
