/** Schedules as a few choices, for those who do not read cron: to an expression, and back from those it can say. */

export type Every = 'minutes' | 'hours' | 'day' | 'weekday' | 'week' | 'month';

export interface Built {
  readonly every: Every;
  /** Of minutes and hours: every so many. */
  readonly step: number;
  /** `07:00`; of hours only the minutes count. */
  readonly time: string;
  /** Of a week: 1 for Monday to 7 for Sunday. */
  readonly weekdays: readonly number[];
  /** Of a month: 1 to 31, or `L` for its last day. */
  readonly day: string;
}

export const DEFAULT_BUILT: Built = { every: 'weekday', step: 5, time: '07:00', weekdays: [1], day: '1' };

/** With five fields: the second is 0. */
export function expressionOf({ every, step, time, weekdays, day }: Built): string {
  const [hour, minute] = time.split(':').map(Number);
  const at = `${minute ?? 0} ${hour ?? 0}`;
  switch (every) {
    case 'minutes':
      return step === 1 ? '* * * * *' : `*/${step} * * * *`;
    case 'hours':
      return `${minute ?? 0} ${step === 1 ? '*' : `*/${step}`} * * *`;
    case 'day':
      return `${at} * * *`;
    case 'weekday':
      return `${at} * * 1-5`;
    case 'week':
      return `${at} * * ${[...weekdays].toSorted((one, other) => one - other).join(',') || '1'}`;
    case 'month':
      return `${at} ${day} * *`;
  }
}

/** Null for what the choices cannot say. */
export function builtOf(expression: string): Built | null {
  const [minute = '', hour = '', day = '', month, weekday = '', more] = expression.trim().split(/\s+/);
  if (month !== '*' || more !== undefined) return null;
  if (day === '*' && weekday === '*') return interval(minute, hour) ?? timed(minute, hour, { every: 'day' });
  if (day === '*' && weekday === '1-5') return timed(minute, hour, { every: 'weekday' });
  if (day === '*' && /^[1-7](,[1-7])*$/.test(weekday)) {
    return timed(minute, hour, { every: 'week', weekdays: weekday.split(',').map(Number) });
  }
  return weekday === '*' && /^(?:[1-9]|[12]\d|3[01]|L)$/.test(day)
    ? timed(minute, hour, { every: 'month', day })
    : null;
}

function interval(minute: string, hour: string): Built | null {
  const minutes = stepOf(minute);
  if (minutes !== null && hour === '*') return { ...DEFAULT_BUILT, every: 'minutes', step: minutes };
  const hours = stepOf(hour);
  if (hours === null || !isUpTo(minute, 59)) return null;
  return { ...DEFAULT_BUILT, every: 'hours', step: hours, time: `00:${minute.padStart(2, '0')}` };
}

function timed(minute: string, hour: string, rest: Partial<Built>): Built | null {
  if (!isUpTo(minute, 59) || !isUpTo(hour, 23)) return null;
  return { ...DEFAULT_BUILT, ...rest, time: `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}` };
}

function stepOf(field: string): number | null {
  if (field === '*') return 1;
  const [, step] = /^\*\/([1-9]\d?)$/.exec(field) ?? [];
  return step === undefined ? null : Number(step);
}

const isUpTo = (field: string, most: number): boolean => /^\d{1,2}$/.test(field) && Number(field) <= most;
