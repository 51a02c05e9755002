/**
 * When a line of a crontab comes, as a schedule of ours.
 *
 * Most of it is written alike. What is not: a step after a single number; `~`, a number that cron picks at random and
 * that is picked here once for all; and cron's rule for day and weekday. When both are given, either will do, but when
 * one *begins* with a star (a star with a step, too), both must hold, which we write with a `+` before the weekday.
 */
import { hash } from '../../domain/hash.ts';

export type CronTime =
  | { readonly ok: true; readonly schedule: string; readonly remarks: readonly string[] }
  /** `why` completes "line 7 …". */
  | { readonly ok: false; readonly why: string };

const SAME = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);
/** FreeBSD's. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ['@every_minute', '* * * * *'],
  ['@every_second', '* * * * * *'],
]);

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 0, max: 7, words: WEEKDAYS },
];

/** What is wrong with a field: completes "line 7 …". */
class Refused extends Error {}

/** @param seed decides what a `~` picks: the same for the same line. */
export function cronTime(when: string, seed: string): CronTime {
  if (when.startsWith('@')) return nickname(when.toLowerCase());
  const remarks: string[] = [];
  try {
    const texts = when.split(' ').map((text, index) => {
      const field = FIELDS[index] ?? { name: 'field', min: 0, max: 0, words: [] };
      return text
        .split(',')
        .map((item) => readItem(item, field, `${seed} ${index}`, remarks))
        .join(',');
    });
    return { ok: true, schedule: withDayRule(texts), remarks };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, why: error.message };
    throw error;
  }
}

function nickname(word: string): CronTime {
  if (SAME.has(word)) return { ok: true, schedule: word, remarks: [] };
  const other = OTHERS.get(word);
  if (other !== undefined) return { ok: true, schedule: other, remarks: [] };
  const why =
    word === '@reboot'
      ? 'runs at every boot, which is no time: let a boot script submit it, or a systemd unit run it'
      : `begins with ${word}, which is no time that jobsched knows`;
  return { ok: false, why };
}

const ITEM = /^(?:(?<star>\*)|(?<low>\w+)?(?:(?<dash>[-~])(?<high>\w+)?)?)(?:\/(?<step>\d{1,9}))?$/;

/** One of the parts that a comma divides, as we write it. */
function readItem(item: string, field: Field, seed: string, remarks: string[]): string {
  const found = ITEM.exec(item)?.groups;
  if (found === undefined || item === '') throw unknown(item, field);
  const { star, low, dash, high } = found;
  const step = found['step'] === undefined ? null : Number(found['step']);
  if (step === 0) throw new Refused(`steps its ${field.name} by 0`);
  if (star !== undefined) return item;
  if (dash === '~') return pick(low, high, step, { field, seed, remarks });
  const from = numberOf(low, item, field);
  if (dash === undefined) return step === null ? item : stepsFrom(from, step, field, remarks);
  const to = numberOf(high, item, field);
  if (from > to) throw new Refused(`has the ${field.name} ${item}, which runs backwards`);
  return item;
}

interface Picking {
  readonly field: Field;
  readonly seed: string;
  readonly remarks: string[];
}

function pick(low: string | undefined, high: string | undefined, step: number | null, picking: Picking): string {
  const { field, seed, remarks } = picking;
  const item = `${low ?? ''}~${high ?? ''}`;
  const last = field.name === 'weekday' ? 6 : field.max;
  const from = low === undefined ? field.min : numberOf(low, item, field);
  const to = high === undefined ? last : numberOf(high, item, field);
  if (from > to) throw new Refused(`has the ${field.name} ${item}, which runs backwards`);
  const room = Math.min(to - from + 1, step ?? Number.POSITIVE_INFINITY);
  const picked = from + (hash(seed) % room);
  remarks.push(`${field.name} ${item} is a number at random to cron; it is ${picked} from now on`);
  return step === null ? String(picked) : `${picked}-${to}/${step}`;
}

/** Some crons take `5/10` for 5-59/10. */
function stepsFrom(from: number, step: number, field: Field, remarks: string[]): string {
  const written = `${from}-${field.name === 'weekday' ? 6 : field.max}/${step}`;
  remarks.push(`${field.name} ${from}/${step} is taken for ${written}`);
  return written;
}

function numberOf(text: string | undefined, item: string, field: Field): number {
  if (text === undefined) throw unknown(item, field);
  const word = field.words.indexOf(text.toLowerCase());
  if (word >= 0) return word + (field.name === 'month' ? 1 : 0);
  const number = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= field.min && number <= field.max) return number;
  throw unknown(item, field);
}

function unknown(item: string, { name, min, max }: Field): Refused {
  const shown = item.length > 40 ? `${item.slice(0, 40)}…` : item;
  return new Refused(`has the ${name} ${JSON.stringify(shown)}, which is none: ${min} to ${max}`);
}

function withDayRule(fields: readonly string[]): string {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const bothGiven = day !== '*' && weekday !== '*';
  const both = bothGiven && (day.startsWith('*') || weekday.startsWith('*'));
  return [minute, hour, day, month, both ? `+${weekday}` : weekday].join(' ');
}
