/**
 * Cron expressions as text: five or six fields, or a nickname.
 *
 * croner reads the fields, so `L`, `W`, `#`, names and ranges are what croner says they are. What it refuses is looked
 * at once more, field by field, for its messages count months and days from zero and fields by number.
 */
import { CronPattern } from 'croner';
import { JobschedError } from '../../errors.ts';
import type { CronFields, DayRule } from './cron-fields.ts';

/** Nobody writes a longer one; it bounds what reading costs. */
export const LONGEST_EXPRESSION = 256;

/** `@reboot` is not among them: a schedule is about time. */
const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};

const FIELDS = [
  { name: 'second', takes: '0 to 59' },
  { name: 'minute', takes: '0 to 59' },
  { name: 'hour', takes: '0 to 23' },
  { name: 'day', takes: '1 to 31, L (the last), LW (the last from Monday to Friday), 15W (the nearest of these)' },
  { name: 'month', takes: '1 to 12, JAN to DEC' },
  { name: 'weekday', takes: '0 to 7 (0 and 7 are Sunday), SUN to SAT, 5L (the last Friday), 2#1 (the first Tuesday)' },
] as const;

const FORMS =
  'Write five fields (minute hour day month weekday), six (second first), @daily and its like, or @every 90s.';

/** The six fields of an expression, nicknames and the second filled in. Only their number is checked. */
export function cronFieldTexts(text: string): readonly string[] {
  const expression = text.trim();
  if (expression.startsWith('@')) return splitFields(expandNickname(expression));
  const fields = splitFields(expression);
  if (fields.length === 5) return ['0', ...fields];
  if (fields.length === 6) return fields;
  if (fields.length === 0) throw unreadable(text, 'is empty', FORMS);
  const hint = fields.length === 7 ? 'There is no field for the year: use starts_at and ends_at.' : FORMS;
  throw unreadable(
    text,
    `has ${fields.length} ${fields.length === 1 ? 'field' : 'fields'}, and takes five or six`,
    hint,
  );
}

/** @throws JobschedError `invalid_schedule` when it cannot be read. */
export function parseCronExpression(text: string): CronFields {
  const fields = cronFieldTexts(text);
  const pattern = readPattern(fields);
  if (pattern === null) throw faultyField(text, fields);
  return {
    seconds: numbersOf(pattern.second),
    minutes: numbersOf(pattern.minute),
    hours: numbersOf(pattern.hour),
    months: pattern.month.map(Boolean),
    days: dayRuleOf(pattern),
    interval: /^[*?](\/\d+)?$/.test(fields[2] ?? ''),
  };
}

/** @param why completes "The schedule … " */
export function unreadable(text: string, why: string, hint: string): JobschedError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new JobschedError('invalid_schedule', `The schedule ${JSON.stringify(shown)} ${why}.`, {
    field: 'schedule',
    hint,
  });
}

function splitFields(expression: string): string[] {
  return expression === '' ? [] : expression.split(/\s+/);
}

function expandNickname(expression: string): string {
  const nickname = expression.toLowerCase();
  const fields = Object.hasOwn(NICKNAMES, nickname) ? NICKNAMES[nickname] : undefined;
  if (fields !== undefined) return fields;
  if (nickname === '@reboot') {
    throw unreadable(
      expression,
      'names no time',
      'A schedule cannot wait for a boot: submit a job from a boot script.',
    );
  }
  throw unreadable(expression, 'is no nickname', `There are ${Object.keys(NICKNAMES).join(', ')}, and @every 90s.`);
}

function readPattern(fields: readonly string[]): CronPattern | null {
  try {
    return new CronPattern(fields.join(' '), undefined, { mode: '6-part' });
  } catch {
    return null;
  }
}

/** The first field that is wrong by itself. */
function faultyField(text: string, fields: readonly string[]): JobschedError {
  for (const [index, { name, takes }] of FIELDS.entries()) {
    const field = fields[index] ?? '';
    if (readPattern(['*', '*', '*', '*', '*', '*'].with(index, field)) !== null) continue;
    const hint = `A ${name} is ${takes}; also *, lists 1,2, ranges 1-5 and steps */2, 1-9/2.`;
    return unreadable(text, `cannot be read: its ${name} is ${JSON.stringify(field.slice(0, 60))}`, hint);
  }
  return unreadable(text, 'cannot be read', FORMS);
}

function numbersOf(flags: readonly number[]): readonly number[] {
  return flags.flatMap((flag, number) => (flag === 0 ? [] : [number]));
}

function dayRuleOf(pattern: CronPattern): DayRule {
  return {
    dates: pattern.day.map(Boolean),
    nearestWeekdays: numbersOf(pattern.nearestWeekdays).map((index) => index + 1),
    lastDay: pattern.lastDayOfMonth,
    lastWeekday: pattern.lastWeekday,
    weekdays: pattern.dayOfWeek.slice(0, 7),
    combine: combinationOf(pattern),
  };
}

function combinationOf(pattern: CronPattern): DayRule['combine'] {
  if (pattern.starDOW) return 'date';
  if (pattern.starDOM) return 'weekday';
  return pattern.useAndLogic ? 'both' : 'either';
}
