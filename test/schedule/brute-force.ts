/**
 * The law of slots once more, by brute force: it walks through real time a step at a time and watches a clock.
 *
 * It shares no code and no idea with `src/domain/schedule`: it reads expressions by itself, knows offsets from
 * `Intl.DateTimeFormat` where the other asks `Temporal`, finds days by looking at whole months, and never searches.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** Whether a wall clock that shows this (milliseconds, as if in UTC) shows a time of the expression. */
type Matcher = (wall: number) => boolean;

export interface Walk {
  readonly from: number;
  readonly to: number;
  /** Milliseconds; offsets and slots must be multiples of it. */
  readonly step: number;
  /** What the clock shows at `from`, a step later, and so on. */
  readonly walls: readonly number[];
}

/** Watches the zone's clock. What it shows is asked for at every change that `offsets` knows. */
export function walk(offsets: Offsets, from: number, to: number, step: number): Walk {
  const walls: number[] = [];
  let offset = offsets.at(from);
  const coming = offsets.changes.filter((change) => change.at > from);
  for (let at = from; at < to; at += step) {
    while (coming[0] !== undefined && coming[0].at <= at) offset = coming.shift()?.offset ?? offset;
    walls.push(at + offset);
  }
  return { from, to, step, walls };
}

/** The slots that the law gives between `since` and the end of the walk, which must have begun well before `since`. */
export function slotsByBruteForce(expression: string, { from, step, walls }: Walk, since: number): number[] {
  const matches = matcherOf(expression);
  const interval = /^\*(\/\d+)?$/.test(expression.split(' ')[2] ?? '');
  const slots = new Set<number>();
  const seen = new Set<number>();
  for (const [index, wall] of walls.entries()) {
    const at = from + index * step;
    const expected = index === 0 ? wall : (walls[index - 1] ?? wall) + step;
    for (let missing = expected; missing < wall; missing += step) {
      if (matches(missing)) slots.add(interval ? at + (missing - expected) : at);
    }
    if (!matches(wall)) continue;
    if (interval || !seen.has(wall)) slots.add(at);
    seen.add(wall);
  }
  return [...slots].filter((slot) => slot >= since && slot < from + walls.length * step).toSorted((a, b) => a - b);
}

/** Where a zone's offset changes, found by asking for it every day and halving. */
export class Offsets {
  readonly #format: Intl.DateTimeFormat;
  /** Each holds from its instant on. */
  readonly changes: { readonly at: number; readonly offset: number }[] = [];

  constructor(zone: string, from: number, to: number) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    let offset = this.#ask(from);
    this.changes.push({ at: -Infinity, offset });
    for (let day = from; day < to; day += DAY) {
      const next = this.#ask(day + DAY);
      if (next !== offset) this.changes.push({ at: this.#changeBetween(day, day + DAY), offset: next });
      offset = next;
    }
  }

  at(instant: number): number {
    return this.changes.findLast((change) => change.at <= instant)?.offset ?? 0;
  }

  #changeBetween(before: number, after: number): number {
    const old = this.#ask(before);
    let [low, high] = [before, after];
    while (high - low > SECOND) {
      const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
      if (this.#ask(middle) === old) low = middle;
      else high = middle;
    }
    return high;
  }

  #ask(instant: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(instant)) parts[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
  }
}

/** Six fields; numbers only, as the tests write them. */
function matcherOf(expression: string): Matcher {
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = expression.split(' ');
  const [seconds, minutes, hours] = [valuesOf(second, 0, 59), valuesOf(minute, 0, 59), valuesOf(hour, 0, 23)];
  const months = valuesOf(month, 1, 12);
  const days = new Map<number, boolean>();
  const isDay = (midnight: number): boolean => {
    const known = days.get(midnight);
    if (known !== undefined) return known;
    const date = new Date(midnight);
    const found = months.has(date.getUTCMonth() + 1) && dayMatches(date, day, weekday);
    days.set(midnight, found);
    return found;
  };
  return (wall) => {
    const time = ((wall % DAY) + DAY) % DAY;
    return (
      seconds.has(Math.floor(time / SECOND) % 60) &&
      minutes.has(Math.floor(time / MINUTE) % 60) &&
      hours.has(Math.floor(time / MINUTE / 60)) &&
      isDay(wall - time)
    );
  };
}

function valuesOf(field: string, lowest: number, highest: number): Set<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [first = '', last = first] = range === '*' ? [String(lowest), String(highest)] : range.split('-');
    for (let value = lowest; value <= highest; value++) {
      const inRange = value >= Number(first) && value <= Number(last);
      if (inRange && (value - Number(first)) % Number(step) === 0) values.add(value);
    }
  }
  return values;
}

/** Dates of a month with their weekdays, Sunday is 0. */
type MonthDays = readonly { readonly date: number; readonly weekday: number }[];

function dayMatches(date: Date, dayField: string, weekdayField: string): boolean {
  const month = monthOf(date);
  const today = date.getUTCDate();
  const byDate = dayField.split(',').some((part) => datesOf(part, month).includes(today));
  const byWeekday = weekdayField.split(',').some((part) => weekdayDates(part, month).includes(today));
  if (dayField !== '*' && weekdayField !== '*') return byDate || byWeekday;
  return byDate && byWeekday;
}

function monthOf(date: Date): MonthDays {
  const days: { date: number; weekday: number }[] = [];
  const day = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1));
  while (day.getUTCMonth() === date.getUTCMonth()) {
    days.push({ date: day.getUTCDate(), weekday: day.getUTCDay() });
    day.setUTCDate(day.getUTCDate() + 1);
  }
  return days;
}

function datesOf(part: string, month: MonthDays): number[] {
  if (part === 'L') return [month.length];
  const working = month.filter(({ weekday }) => weekday >= 1 && weekday <= 5).map(({ date }) => date);
  if (part === 'LW') return working.slice(-1);
  if (!part.endsWith('W')) return [...valuesOf(part, 1, 31)];
  const wanted = Number(part.slice(0, -1));
  if (wanted > month.length) return [];
  return working.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted)).slice(0, 1);
}

function weekdayDates(part: string, month: MonthDays): number[] {
  const [, numbers = '', rest = ''] = /^([^#L]+)(#\d|L)?$/.exec(part) ?? [];
  const weekdays = new Set([...valuesOf(numbers, 0, 7)].map((weekday) => weekday % 7));
  return [...weekdays].flatMap((wanted) => {
    const dates = month.filter(({ weekday }) => weekday === wanted).map(({ date }) => date);
    if (rest === 'L') return dates.slice(-1);
    return rest === '' ? dates : dates.slice(Number(rest.slice(1)) - 1, Number(rest.slice(1)));
  });
}
