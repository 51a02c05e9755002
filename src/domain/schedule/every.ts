/** `@every 90s`: slots at anchor + k × period, whatever any clock on a wall shows. */
import { DAY, HOUR, MINUTE, SECOND, type Millis } from '../instant.ts';
import { unreadable } from './cron-expression.ts';

export const SHORTEST_PERIOD: Millis = SECOND;
export const LONGEST_PERIOD: Millis = 366 * DAY;

const EVERY = /^@every(?:\s|$)/i;
const DURATION = /^(?:(?<days>\d{1,9})d)?(?:(?<hours>\d{1,9})h)?(?:(?<minutes>\d{1,9})m)?(?:(?<seconds>\d{1,9})s)?$/i;
const HINT =
  'Write days, hours, minutes and seconds in this order: @every 90s, @every 1h30m, @every 2d. From 1s to 366d.';

export function isEvery(text: string): boolean {
  return EVERY.test(text.trim());
}

/** @throws JobschedError `invalid_schedule` when it is no length of time from 1 s to 366 days. */
export function parseEvery(text: string): Millis {
  const duration = text.trim().slice('@every'.length).trim();
  const found = DURATION.exec(duration)?.groups;
  if (found === undefined || duration === '') throw unreadable(text, 'names no length of time', HINT);
  const amount = (unit: string): number => Number(found[unit] ?? 0);
  const period =
    amount('days') * DAY + amount('hours') * HOUR + amount('minutes') * MINUTE + amount('seconds') * SECOND;
  if (period < SHORTEST_PERIOD) throw unreadable(text, 'comes more often than every second', HINT);
  if (period > LONGEST_PERIOD) throw unreadable(text, 'comes less often than every 366 days', HINT);
  return period;
}
