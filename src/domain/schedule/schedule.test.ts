import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { long } from '../../../test/support/long.ts';
import { JobschedError } from '../../errors.ts';
import type { Instant } from '../instant.ts';
import { parseSchedule, type Schedule, type ScheduleSpec } from './schedule.ts';

const CREATED = Date.UTC(2026, 0, 1);

function scheduleOf(schedule: string, more: Partial<ScheduleSpec> = {}): Schedule {
  return parseSchedule({ schedule, timezone: 'UTC', anchor: CREATED, startsAt: null, endsAt: null, ...more });
}

/** The first slots after an instant, in UTC without the seconds where all are on the minute. */
function slots(schedule: Schedule, after: string | Instant, count: number): string[] {
  const found: string[] = [];
  let slot = schedule.after(typeof after === 'string' ? Date.parse(after) : after);
  for (; slot !== null && found.length < count; slot = schedule.after(slot)) {
    found.push(
      new Date(slot)
        .toISOString()
        .replace(/(:00)?\.000Z$/, '')
        .replace('T', ' '),
    );
  }
  return found;
}

function refusal(act: () => unknown): JobschedError {
  try {
    act();
  } catch (error) {
    if (error instanceof JobschedError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('expressions', () => {
  const after = '2026-01-01T00:00:00Z';
  test.for([
    ['*/20 * * * * *', '2026-01-01 00:00:20', '2026-01-01 00:00:40', '2026-01-01 00:01'],
    ['*/20 * * * *', '2026-01-01 00:20', '2026-01-01 00:40', '2026-01-01 01:00'],
    ['30 0 12 * * *', '2026-01-01 12:00:30', '2026-01-02 12:00:30'],
    ['@hourly', '2026-01-01 01:00', '2026-01-01 02:00'],
    ['@daily', '2026-01-02 00:00', '2026-01-03 00:00'],
    ['@midnight', '2026-01-02 00:00', '2026-01-03 00:00'],
    ['@weekly', '2026-01-04 00:00', '2026-01-11 00:00'],
    ['@monthly', '2026-02-01 00:00', '2026-03-01 00:00'],
    ['@yearly', '2027-01-01 00:00', '2028-01-01 00:00'],
    [' @Annually ', '2027-01-01 00:00', '2028-01-01 00:00'],
    ['0 9 L * *', '2026-01-31 09:00', '2026-02-28 09:00'],
    ['0 9 LW * *', '2026-01-30 09:00', '2026-02-27 09:00'],
    ['0 9 15W * *', '2026-01-15 09:00', '2026-02-16 09:00', '2026-03-16 09:00'],
    ['0 9 1W * *', '2026-01-01 09:00', '2026-02-02 09:00', '2026-03-02 09:00', '2026-04-01 09:00', '2026-05-01 09:00'],
    ['0 9 31W * *', '2026-01-30 09:00', '2026-03-31 09:00', '2026-05-29 09:00'],
    ['0 9 * * 2#1', '2026-01-06 09:00', '2026-02-03 09:00'],
    ['0 9 * * FRIL', '2026-01-30 09:00', '2026-02-27 09:00'],
    [
      '0 9 * JAN,mar MON',
      '2026-01-05 09:00',
      '2026-01-12 09:00',
      '2026-01-19 09:00',
      '2026-01-26 09:00',
      '2026-03-02 09:00',
    ],
    ['0 0 13 * 5', '2026-01-02 00:00', '2026-01-09 00:00', '2026-01-13 00:00'],
    ['0 0 13 * +5', '2026-02-13 00:00', '2026-03-13 00:00', '2026-11-13 00:00'],
    ['0 0 ? * 0', '2026-01-04 00:00', '2026-01-11 00:00'],
    ['0 0 * * 7', '2026-01-04 00:00', '2026-01-11 00:00'],
    ['0 0 29 2 1', '2026-02-02 00:00', '2026-02-09 00:00'],
    ['0 0 29 2 *', '2028-02-29 00:00', '2032-02-29 00:00'],
    ['0 0 29 2 +1', '2044-02-29 00:00', '2072-02-29 00:00', '2112-02-29 00:00'],
  ])('%s', ([expression = '', ...wanted]) => {
    expect(slots(scheduleOf(expression), after, wanted.length)).toEqual(wanted);
  });

  test('the years end with 9999', () => {
    expect(slots(scheduleOf('@yearly'), '9998-06-01T00:00:00Z', 3)).toEqual(['9999-01-01 00:00']);
    expect(scheduleOf('* * * * * *').after(8.64e15)).toBeNull();
    expect(scheduleOf('* * * * * *').after(Number.NaN)).toBeNull();
    expect(scheduleOf('* * * * * *', { timezone: 'Europe/Berlin' }).after(-8.64e15)).toBe(0);
  });
});

describe('@every', () => {
  test.for([
    ['@every 90s', '2026-01-01 00:01:30', '2026-01-01 00:03'],
    ['@every 1h30m', '2026-01-01 01:30', '2026-01-01 03:00'],
    ['@EVERY  2d', '2026-01-03 00:00', '2026-01-05 00:00'],
    ['@every 1d1h1m1s', '2026-01-02 01:01:01'],
  ])('%s counts from the creation, which is no slot', ([expression = '', ...wanted]) => {
    expect(slots(scheduleOf(expression), 0, wanted.length)).toEqual(wanted);
  });

  test('startsAt is its first slot', () => {
    const startsAt = Date.UTC(2026, 0, 1, 9, 0, 7);
    const schedule = scheduleOf('@every 1h', { startsAt, anchor: startsAt, endsAt: startsAt + 7_200_000 });
    expect(slots(schedule, 0, 5)).toEqual(['2026-01-01 09:00:07', '2026-01-01 10:00:07']);
    expect(schedule.after(startsAt)).toBe(startsAt + 3_600_000);
  });

  test('clocks on walls do not matter to it', () => {
    const schedule = scheduleOf('@every 1h', { timezone: 'Europe/Berlin' });
    expect(slots(schedule, '2026-03-29T00:30:00Z', 3)).toEqual([
      '2026-03-29 01:00',
      '2026-03-29 02:00',
      '2026-03-29 03:00',
    ]);
    expect(schedule.interval).toBe(true);
  });
});

describe('startsAt and endsAt', () => {
  test('a slot at startsAt counts, one at endsAt does not', () => {
    const startsAt = Date.UTC(2026, 0, 1, 9);
    const schedule = scheduleOf('0 * * * *', { startsAt, endsAt: Date.UTC(2026, 0, 1, 12) });
    expect(slots(schedule, 0, 9)).toEqual(['2026-01-01 09:00', '2026-01-01 10:00', '2026-01-01 11:00']);
    expect(schedule.after(startsAt - 1)).toBe(startsAt);
  });
});

/** The law of design section 5, sentence by sentence; the clocks of Berlin change at 01:00 UTC. */
describe('clocks put forward and back', () => {
  const berlin = (expression: string): Schedule => scheduleOf(expression, { timezone: 'Europe/Berlin' });
  const MARCH = '2026-03-28T23:30:00Z';
  const OCTOBER = '2026-10-24T22:30:00Z';

  test.for([
    ['in a gap, the first instant after it', '0 30 2 * * *', MARCH, '2026-03-29 01:00', '2026-03-30 00:30'],
    [
      'several collapse into one slot',
      '0 0,30 2,3 * * *',
      MARCH,
      '2026-03-29 01:00',
      '2026-03-29 01:30',
      '2026-03-30 00:00',
    ],
    [
      'fixed, each local time once a day',
      '0 0 2,14 * * *',
      OCTOBER,
      '2026-10-25 00:00',
      '2026-10-25 13:00',
      '2026-10-26 01:00',
    ],
    ['in the repeated hour the first one', '0 30 2 * * *', OCTOBER, '2026-10-25 00:30', '2026-10-26 01:30'],
    [
      '0-23 is a list of fixed hours',
      '0 0 0-23 * * *',
      OCTOBER,
      '2026-10-24 23:00',
      '2026-10-25 00:00',
      '2026-10-25 02:00',
    ],
    [
      '* runs by elapsed time',
      '0 0 * * * *',
      OCTOBER,
      '2026-10-24 23:00',
      '2026-10-25 00:00',
      '2026-10-25 01:00',
      '2026-10-25 02:00',
    ],
    ['* runs by elapsed time', '0 0 * * * *', MARCH, '2026-03-29 00:00', '2026-03-29 01:00', '2026-03-29 02:00'],
    ['a repeat, seen from the winter before', '0 30 2 25 10 *', '2026-01-01T00:00:00Z', '2026-10-25 00:30'],
    ['a gap, seen from the summer before', '0 30 2 29 3 *', '2025-07-01T00:00:00Z', '2026-03-29 01:00'],
    ['*/n, both passes', '0 30 */2 * * *', OCTOBER, '2026-10-25 00:30', '2026-10-25 01:30', '2026-10-25 03:30'],
    ['*/n, a gap', '0 30 */2 * * *', MARCH, '2026-03-29 01:30', '2026-03-29 02:30', '2026-03-29 04:30'],
    ['*/n that meets the end of the gap', '0 0 */3 * * *', MARCH, '2026-03-29 01:00', '2026-03-29 04:00'],
  ])('%s: %s after %s', ([, expression = '', after = '', ...wanted]) => {
    expect(slots(berlin(expression), after, wanted.length)).toEqual(wanted);
  });

  test('interval says which of the two it is', () => {
    const kinds = ['0 * * * *', '0 */2 * * *', '0 0-23 * * *', '0 *,1 * * *', '0 ? * * *', '@hourly', '@daily'];
    expect(kinds.map((expression) => scheduleOf(expression).interval)).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test('half an hour, on Lord Howe Island', () => {
    const lordHowe = (expression: string): Schedule => scheduleOf(expression, { timezone: 'Australia/Lord_Howe' });
    // 02:00 at +10:30 becomes 02:30 at +11.
    expect(slots(lordHowe('0 15 * * * *'), '2026-10-03T15:00:00Z', 3)).toEqual([
      '2026-10-03 15:45',
      '2026-10-03 16:15',
      '2026-10-03 17:15',
    ]);
    expect(slots(lordHowe('0 15 2 * * *'), '2026-10-03T15:00:00Z', 1)).toEqual(['2026-10-03 15:30']);
  });

  test('a whole day that Samoa left out', () => {
    const apia = (expression: string): Schedule => scheduleOf(expression, { timezone: 'Pacific/Apia' });
    expect(slots(apia('0 9,17 * * *'), '2011-12-29T18:00:00Z', 4)).toEqual([
      '2011-12-29 19:00',
      '2011-12-30 03:00',
      '2011-12-30 10:00',
      '2011-12-30 19:00',
    ]);
    expect(slots(apia('0 9 30 12 *'), '2011-01-01T00:00:00Z', 2)).toEqual(['2011-12-30 10:00', '2012-12-29 19:00']);
  });

  test('a repeated midnight brings yesterday back: intervals of that day go on', () => {
    const damascus = scheduleOf('0 */30 * 31 10 *', { timezone: 'Asia/Damascus' });
    expect(slots(damascus, '2008-10-31T20:00:00Z', 4)).toEqual([
      '2008-10-31 20:30',
      '2008-10-31 21:00',
      '2008-10-31 21:30',
      '2009-10-30 22:00',
    ]);
  });
});

describe('counting', () => {
  test('says how many slots there are, also where clocks are changed', () => {
    const texts = [
      '* * * * * *',
      '* 0,1 * * * *',
      '*/7 */13 */2 * * *',
      '30 2 * * *',
      '0 15 0-3 * * SUN',
      '@every 97s',
    ];
    const zones = ['UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/New_York', 'Asia/Kathmandu'];
    const changes = ['2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-04-04T15:00Z', '2026-10-03T15:30Z'];
    const from = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -9_000_000, max: 9_000_000 }));
    const length = fc.integer({ min: 1, max: 4_000_000 });
    const tryOut = (text: string, timezone: string, [change, shift]: [string, number], ms: number): void => {
      const schedule = scheduleOf(text, { timezone });
      const [since, until] = [Date.parse(change) + shift, Date.parse(change) + shift + ms];
      let count = 0;
      for (let slot = schedule.after(since - 1); slot !== null && slot < until; slot = schedule.after(slot)) count += 1;
      expect(schedule.count(since, until), `${text} ${timezone} ${since} ${until}`).toBe(count);
    };
    fc.assert(fc.property(fc.constantFrom(...texts), fc.constantFrom(...zones), from, length, tryOut), {
      numRuns: long ? 10_000 : 200,
    });
  });
});

describe('refusals name the field and what to do', () => {
  test.for([
    ['', 'is empty', 'five fields'],
    ['*', 'has 1 field, and takes five or six', 'five fields'],
    ['* * * *', '4 fields', 'five fields'],
    ['* * * * * * 2027', '7 fields', 'ends_at'],
    ['0 0 61 * * *', 'hour is "61"', '0 to 23'],
    ['0 0 1 13 *', 'month is "13"', '1 to 12'],
    ['0 0 32 * *', 'day is "32"', '1 to 31'],
    ['0 0 * * MO', 'weekday is "MO"', 'SUN to SAT'],
    ['0 0 * * 1#6', 'weekday is "1#6"', '2#1'],
    ['5/15 * * * *', 'minute is "5/15"', '1-9/2'],
    ['@reboot', 'names no time', 'boot script'],
    ['@fortnightly', 'no nickname', '@weekly'],
    ['@__proto__', 'no nickname', '@weekly'],
    ['@every', 'no length of time', '@every 90s'],
    ['@every 90', 'no length of time', '@every 90s'],
    ['@every 1m1h', 'no length of time', '@every 1h30m'],
    ['@every 0s', 'more often', '1s'],
    ['@every 367d', 'less often', '366d'],
    ['0 0 30 2 *', 'never comes', 'No calendar'],
    ['0 0 31 4,6 *', 'never comes', 'No calendar'],
    ['0 0 1-28 * +1#5', 'never comes', 'No calendar'],
  ])('%s', ([expression = '', why = '', hint = '']) => {
    const error = refusal(() => scheduleOf(expression));
    expect([error.code, error.field]).toEqual(['invalid_schedule', 'schedule']);
    expect(error.message).toContain(why);
    expect(error.hint).toContain(hint);
  });

  test.for([
    ['ends before it starts', { startsAt: CREATED + 10, endsAt: CREATED }],
    ['ends before it was made', { endsAt: CREATED - 86_400_000 }],
    ['ends at its first slot', { startsAt: CREATED + 1, endsAt: CREATED + 86_400_000 }],
  ] as const)('%s', ([, more]) => {
    expect(refusal(() => scheduleOf('@daily', more))).toMatchObject({ field: 'schedule', code: 'invalid_schedule' });
  });

  test('the time zone', () => {
    const error = refusal(() => scheduleOf('@daily', { timezone: 'Europe/Berln' }));
    expect(error).toMatchObject({ field: 'timezone', hint: 'Did you mean Europe/Berlin?' });
    expect(refusal(() => scheduleOf('@every 1h', { timezone: 'Mars' }))).toMatchObject({ field: 'timezone' });
  });
});

describe('whatever is sent', () => {
  /** The quickest of a few tries, so that a busy machine does not count. */
  function quickest(act: () => unknown): number {
    const tries = Array.from({ length: 5 }, () => {
      const start = performance.now();
      act();
      return performance.now() - start;
    });
    return Math.min(...tries);
  }

  const lengthy = (text: string): string => text.repeat(Math.ceil(1e6 / text.length));
  test.for([
    lengthy(','),
    lengthy('1,'),
    lengthy('* '),
    lengthy(' '),
    `@every ${lengthy('9')}s`,
    `${lengthy('1-59/1,').slice(0, 240)}1 * * * *`,
    '0-99999999999999999999 * * * *',
    '*/99999999999999999999 * * * *',
    '0 0 1-28 * +1#5,2#5,3#5,4#5,5#5,6#5,0#5',
    '0 0 29W,30W,31W 2 *',
    '0 0 30,31 2 *',
    '0 0 29 2 +1#5',
    '0 * 29 2 +1#5',
    '0 0 L,1W,2W,3W,29,30,31 2 +1L',
    '0 0 LLLL * *',
    '0 0 WWWW * ####',
    '0 0 1W1W1W * 1#1#1#1',
    '٣ * * * *',
    '\u0000 * * * *',
  ])('%.60s takes less than 50 ms to answer', (text) => {
    const answer = (): void => {
      try {
        scheduleOf(text, { timezone: 'Africa/Casablanca' });
      } catch (error) {
        expect(error).toBeInstanceOf(JobschedError);
      }
    };
    expect(quickest(answer)).toBeLessThan(50);
  });

  const characters = fc.constantFrom(
    ...'0123456789*/,-LW#+? @'.split(''),
    'MON',
    '*/',
    '@every ',
    '10',
    'JAN',
    ' ',
    ' ',
  );
  const noise = fc.string({ unit: characters, minLength: 1, maxLength: 6 });
  const plain = ['*', '?', '1', '5', '1-5', '*/2', '1,2', '1-5/2'];
  const field = (...texts: readonly string[]): fc.Arbitrary<string> =>
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...plain, ...texts) }, noise);
  const day = field('L', 'LW', '15W', '31W,L', '30', '31');
  const weekday = field('1#2', '5L', '+1', 'MON', '1#5', '+1#5', 'SUN-TUE');
  const nearly = fc
    .tuple(field('59'), field('0-59'), field('23'), day, field('FEB', '2'), weekday)
    .map((fields) => fields.join(' '));
  const texts = fc.oneof(
    nearly,
    fc.string({ unit: characters, maxLength: 40 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );

  test('random texts parse or are refused, nothing else', () => {
    let parsed = 0;
    const tryOut = (text: string, timezone: string): void => {
      try {
        const schedule = scheduleOf(text, { timezone });
        expect(schedule.after(CREATED)).toBeGreaterThan(CREATED);
        parsed++;
      } catch (error) {
        expect(error).toBeInstanceOf(JobschedError);
      }
    };
    const zone = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('UTC', 'Europe/Berlin') }, fc.string());
    fc.assert(fc.property(texts, zone, tryOut), { numRuns: long ? 100_000 : 3_000 });
    expect(parsed).toBeGreaterThan(100);
  });
});

test('a slot costs microseconds', () => {
  const schedule = scheduleOf('* * * * * *', { timezone: 'Europe/Berlin' });
  const start = performance.now();
  let slot: Instant | null = CREATED;
  for (let count = 0; slot !== null && count < 20_000; count++) slot = schedule.after(slot);
  // 0.3 µs when it was written: 50 allows for a machine a hundred times slower.
  expect((performance.now() - start) / 20_000).toBeLessThan(0.05);
});
