/**
 * Schedules in words: "At 09:00, Monday through Friday".
 *
 * cronstrue finds the words, a part at a time: it is asked for the time of day alone, then for the same with one more
 * field, and what that adds is that field's phrase. Asked for everything at once it says "and" where day and weekday
 * mean either, and misreads some forms that croner allows (`1-5#1`, `5-7`, `15w`, `15W,20W`).
 */
import { toString as inEnglish } from 'cronstrue';
import { cronFieldTexts, parseCronExpression } from './cron-expression.ts';
import type { DayRule } from './cron-fields.ts';
import { everyInWords, isEvery } from './every.ts';

/**
 * What the schedule of a cron job means, in English with a capital and no full stop, times of day in 24 hours; or the
 * expression itself where there are no words for it.
 *
 * @throws JobschedError `invalid_schedule` when it cannot be read.
 */
export function describeSchedule(expression: string): string {
  if (isEvery(expression)) return everyInWords(expression);
  const { days } = parseCronExpression(expression);
  const texts = cronFieldTexts(expression).map((text) => text.toUpperCase().replaceAll('?', '*'));
  try {
    return describeCron(texts, days);
  } catch {
    return expression.trim();
  }
}

function describeCron(texts: readonly string[], days: DayRule): string {
  const [second = '*', minute = '*', hour = '*', day = '*', month = '*'] = texts;
  const time = `${second} ${minute} ${hour}`;
  const spoken = english(`${time} * * *`);
  const phrase = (fields: string): string => {
    const whole = english(`${time} ${fields}`);
    if (!whole.startsWith(spoken)) throw new Error(`no phrase in ${whole}`);
    return whole.slice(spoken.length);
  };
  const dates = dateTexts(day, days).map((text) => phrase(`${text} * *`));
  const weekdays = phrase(`* * ${weekdayText(days)}`);
  const when = `${daysInWords(dates, weekdays, days.combine)}${phrase(`* ${month} *`)}`;
  const told = when === '' && /^At \d\d:\d\d/.test(spoken) ? `${spoken}, every day` : `${spoken}${when}`;
  return unevenInWords(told, [second, minute, hour]);
}

const UNITS = [
  { unit: 'second', whole: 'minute', has: 60 },
  { unit: 'minute', whole: 'hour', has: 60 },
  { unit: 'hour', whole: 'day', has: 24 },
] as const;

/** A step that does not divide its whole begins anew with each: 0, 7, … 56, 0. */
function unevenInWords(told: string, texts: readonly string[]): string {
  return UNITS.reduce((text, { unit, whole, has }, field) => {
    const [, step] = /^\*\/(\d+)$/.exec(texts[field] ?? '') ?? [];
    if (step === undefined || has % Number(step) === 0) return text;
    return text.replace(new RegExp(`every ${step} ${unit}s`, 'i'), (words) => `${words} of each ${whole}`);
  }, told);
}

function english(expression: string): string {
  return inEnglish(expression, { use24HourTimeFormat: true });
}

/** Phrases start with a comma and a space, or are empty. */
function daysInWords(dates: readonly string[], weekdays: string, combine: DayRule['combine']): string {
  if (combine === 'weekday') return weekdays;
  const anyDate = dates.join(' or').replaceAll(' or,', ', or');
  if (combine === 'date') return anyDate;
  if (combine === 'either') return `${anyDate}, or ${weekdays.replace(/^, (only )?/, '')}`;
  return `${anyDate}, but ${weekdays.replace(/^, (only )?/, 'only ')}`;
}

/** Each in a form that cronstrue reads rightly; together they are the day field. */
function dateTexts(text: string, rule: DayRule): readonly string[] {
  if (rule.lastWeekday) return ['LW'];
  const plain = text.split(',').filter((part) => !/[LW]/.test(part));
  return [
    ...(plain.length === 0 ? [] : [plain.join(',')]),
    ...rule.nearestWeekdays.map((date) => `${date}W`),
    ...(rule.lastDay ? ['L'] : []),
  ];
}

/** Plain weekdays as numbers and ranges of at least three, then those of a certain week. `*` when all are meant. */
function weekdayText({ weekdays }: DayRule): string {
  const plain = weekdays.flatMap((mask, weekday) => (mask === ANY_WEEK ? [weekday] : []));
  if (plain.length === 7) return '*';
  const certain = weekdays.flatMap((mask, weekday) => (mask === ANY_WEEK ? [] : weeksOf(mask, weekday)));
  return [...rangesOf(mondayFirst(plain)), ...certain].join(',');
}

const ANY_WEEK = 63;
const WEEKS = ['#1', '#2', '#3', '#4', '#5', 'L'] as const;

function weeksOf(mask: number, weekday: number): string[] {
  return WEEKS.flatMap((week, bit) => ((mask & (1 << bit)) === 0 ? [] : [`${weekday}${week}`]));
}

/** People's weeks start on Monday: Friday to Sunday is one range. */
function mondayFirst(weekdays: readonly number[]): readonly number[] {
  return weekdays.includes(0) ? [...weekdays.filter((weekday) => weekday !== 0), 7] : weekdays;
}

function rangesOf(ascending: readonly number[]): readonly string[] {
  const runs: number[][] = [];
  for (const number of ascending) {
    const run = runs.at(-1);
    if (run?.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  return runs.flatMap((run) => (run.length < 3 ? run.map(String) : [`${run[0]}-${run.at(-1)}`]));
}
