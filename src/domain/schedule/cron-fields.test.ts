import { Cron } from 'croner';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { long } from '../../../test/support/long.ts';
import { SECOND } from '../instant.ts';
import { parseCronExpression } from './cron-expression.ts';
import { firstLocalTime, type LocalSecond } from './cron-fields.ts';

/** What croner itself finds, where no clock is ever put forward or back. */
function cronerFirst(expression: string, from: LocalSecond): LocalSecond | null {
  const cron = new Cron(expression, { paused: true, utcOffset: 0, mode: '6-part' });
  const found = cron.nextRun(new Date((from - 1) * SECOND));
  return found === null ? null : found.getTime() / SECOND;
}

const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
function numeric(min: number, max: number): fc.Arbitrary<string> {
  const range = fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)].join('-'));
  const step = fc.integer({ min: 1, max: max - min }).map(String);
  const stepped = fc.tuple(fc.oneof(range, fc.constant('*')), step).map((parts) => parts.join('/'));
  const single = fc.oneof(number(min, max), range, stepped);
  return fc.oneof(
    fc.constant('*'),
    single,
    fc.array(single, { minLength: 2, maxLength: 3 }).map((parts) => parts.join(',')),
  );
}

const nearest = number(1, 31).map((date) => `${date}W`);
const days = fc.oneof(
  numeric(1, 31),
  fc.constantFrom('L', 'LW', 'L,15', '?'),
  nearest,
  fc.tuple(nearest, numeric(1, 31)).map((parts) => parts.join(',')),
);
const nth = fc.tuple(number(0, 7), fc.constantFrom('#1', '#2', '#3', '#4', '#5', 'L')).map((parts) => parts.join(''));
const names = fc.constantFrom('MON', 'tue', 'MON-FRI', 'SUN', 'FRIL', 'WED#3', 'SAT,SUN', '?');
const weekdays = fc.oneof(
  numeric(0, 7),
  nth,
  names,
  fc.tuple(nth, numeric(0, 6)).map((parts) => parts.join(',')),
  numeric(0, 6).map((text) => `+${text}`),
);
const months = fc.oneof(numeric(1, 12), fc.constantFrom('*', 'FEB', 'JAN,mar', 'JUN-AUG'));
const expressions = fc
  .tuple(numeric(0, 59), numeric(0, 59), numeric(0, 23), days, months, weekdays)
  .map((fields) => fields.join(' '));

describe('firstLocalTime', () => {
  test('finds what croner finds', () => {
    const from = fc.integer({ min: Date.UTC(2000, 0, 1) / SECOND, max: Date.UTC(2100, 0, 1) / SECOND });
    fc.assert(
      fc.property(expressions, from, (expression, from) => {
        const found = firstLocalTime(parseCronExpression(expression), from);
        // croner looks no further than some centuries, and neither should anyone: it is never that far, but for never.
        expect(found).toBe(cronerFirst(expression, from));
      }),
      { numRuns: long ? 20_000 : 1_000 },
    );
  });

  test('names the time it is asked from, and then the next', () => {
    const fields = parseCronExpression('30 15 9 * * *');
    const time = Date.UTC(2026, 0, 1, 9, 15, 30) / SECOND;
    expect(firstLocalTime(fields, time)).toBe(time);
    expect(firstLocalTime(fields, time + 1)).toBe(time + 86_400);
  });

  test('looks through all 400 years of the calendar, and no further', () => {
    const from = Date.UTC(2026, 0, 1) / SECOND;
    expect(firstLocalTime(parseCronExpression('0 0 0 30 2 *'), from)).toBeNull();
    // 40 years pass without a 29 February on a Monday, since 2100 is no leap year.
    expect(firstLocalTime(parseCronExpression('0 0 0 29 2 +1'), Date.UTC(2072, 2, 1) / SECOND)).toBe(
      Date.UTC(2112, 1, 29) / SECOND,
    );
  });
});
