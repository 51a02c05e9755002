/** `@every 90s`: slots at anchor + k × period, whatever any clock on a wall shows. */
import { DAY, HOUR, MINUTE, SECOND, type Millis } from '../instant.ts';
import { unreadable } from './cron-expression.ts';

const SHORTEST_PERIOD: Millis = SECOND;
const LONGEST_PERIOD: Millis = 366 * DAY;

const EVERY = /^@every(?:\s|$)/i;
const DURATION = /^(?:(?<days>\d{1,9})d)?(?:(?<hours>\d{1,9})h)?(?:(?<minutes>\d{1,9})m)?(?:(?<seconds>\d{1,9})s)?$/i;
const UNITS = { days: DAY, hours: HOUR, minutes: MINUTE, seconds: SECOND } as const;
const HINT =
  'Write days, hours, minutes and seconds in this order: @every 90s, @every 1h30m, @every 2d. From 1s to 366d.';

export function isEvery(text: string): boolean {
  return EVERY.test(text.trim());
}

/** @throws JobschedError `invalid_schedule` when it is no length of time from 1 s to 366 days. */
export function parseEvery(text: string): Millis {
  let period = 0;
  for (const { amount, unit } of amountsOf(text)) period += amount * UNITS[unit];
  if (period < SHORTEST_PERIOD) throw unreadable(text, 'comes more often than every second', HINT);
  if (period > LONGEST_PERIOD) throw unreadable(text, 'comes less often than every 366 days', HINT);
  return period;
}

/** In the units it was written in: "Every 90 seconds", "Every hour", "Every 1 hour 30 minutes". */
export function everyInWords(text: string): string {
  const amounts = amountsOf(text).filter(({ amount }) => amount > 0);
  const [only, more] = amounts;
  if (only?.amount === 1 && more === undefined) return `Every ${only.unit.slice(0, -1)}`;
  return `Every ${amounts.map(({ amount, unit }) => `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`).join(' ')}`;
}

function amountsOf(text: string): { readonly amount: number; readonly unit: keyof typeof UNITS }[] {
  const duration = text.trim().slice('@every'.length).trim();
  const found = DURATION.exec(duration)?.groups;
  if (found === undefined || duration === '') throw unreadable(text, 'names no length of time', HINT);
  const units = ['days', 'hours', 'minutes', 'seconds'] as const;
  return units.map((unit) => ({ unit, amount: Number(found[unit] ?? 0) }));
}
