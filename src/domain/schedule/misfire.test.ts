import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { long } from '../../../test/support/long.ts';
import { jobId } from '../id.ts';
import { DAY, HOUR, SECOND, type Instant } from '../instant.ts';
import { MISFIRES, MOST_COUNTED, MOST_RUNS, OVERDUE, planFiring, type FiringPlan, type Misfire } from './misfire.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

const JOB = jobId('0199a6c2-5d3e-4f6a-8b1c-2d3e4f5a6b7c');
const NOON = Date.UTC(2026, 5, 1, 12);
const EVERY_SECOND = '* * * * * *';
const EVERY_MINUTE = '0 * * * * *';

interface Case {
  readonly schedule: string;
  readonly misfire: Misfire;
  readonly slot: Instant;
  readonly now: Instant;
  readonly windowSeconds?: number;
  readonly endsAt?: Instant | null;
}

function scheduleOf({ schedule, endsAt = null }: Pick<Case, 'schedule' | 'endsAt'>): Schedule {
  return parseSchedule({ schedule, timezone: 'Europe/Berlin', anchor: 0, startsAt: null, endsAt });
}

function plan(given: Case): FiringPlan {
  const policy = { misfire: given.misfire, misfireWindowSeconds: given.windowSeconds ?? 3_600, jitterSeconds: 0 };
  return planFiring({ job: JOB, schedule: scheduleOf(given), policy, slot: given.slot, now: given.now });
}

/** Seconds after noon, as ranges: easier to read than 50 instants. */
function inSeconds({ runs, skipped, next }: FiringPlan): unknown {
  const seconds = runs.map(({ slot }) => (slot - NOON) / SECOND);
  return {
    runs: seconds.length > 3 ? `${seconds[0]}…${seconds.at(-1)} (${seconds.length})` : seconds.join(' '),
    skipped:
      skipped === null
        ? ''
        : `${(skipped.first - NOON) / SECOND}…${(skipped.last - NOON) / SECOND} (${skipped.count}${skipped.atLeast ? '+' : ''})`,
    next: next === null ? null : (next - NOON) / SECOND,
  };
}

interface Row {
  readonly what: string;
  readonly schedule: string;
  readonly misfire: Misfire;
  readonly lateSeconds: number;
  readonly windowSeconds?: number;
  readonly endsAt?: Instant;
  readonly gives: { readonly runs: string; readonly skipped: string; readonly next: number | null };
}

const HOUR_SECONDS = 3_600;

/** The slot is noon; now is so many seconds later. */
const TABLE: readonly Row[] = [
  ...MISFIRES.flatMap((misfire): Row[] => [
    { what: 'on time', schedule: EVERY_MINUTE, misfire, lateSeconds: 0, gives: { runs: '0', skipped: '', next: 60 } },
    {
      what: '10 s late',
      schedule: EVERY_MINUTE,
      misfire,
      lateSeconds: 10,
      gives: { runs: '0', skipped: '', next: 60 },
    },
    {
      what: 'all within 10 s, whatever the window',
      schedule: EVERY_SECOND,
      misfire,
      lateSeconds: 10,
      windowSeconds: 0,
      gives: { runs: '0…10 (11)', skipped: '', next: 11 },
    },
  ]),
  {
    what: 'the newest overdue slot, and those not overdue',
    schedule: EVERY_SECOND,
    misfire: 'latest',
    lateSeconds: 60,
    gives: { runs: '49…60 (12)', skipped: '0…48 (49)', next: 61 },
  },
  {
    what: 'the only overdue slot',
    schedule: EVERY_MINUTE,
    misfire: 'latest',
    lateSeconds: 11,
    gives: { runs: '0', skipped: '', next: 60 },
  },
  {
    what: 'the newest of many',
    schedule: EVERY_MINUTE,
    misfire: 'latest',
    lateSeconds: 3 * 60 + 20,
    gives: { runs: '180', skipped: '0…120 (3)', next: 240 },
  },
  {
    what: 'none beyond the window',
    schedule: EVERY_MINUTE,
    misfire: 'latest',
    lateSeconds: 50,
    windowSeconds: 49,
    gives: { runs: '', skipped: '0…0 (1)', next: 60 },
  },
  {
    what: 'one at the edge of the window',
    schedule: EVERY_MINUTE,
    misfire: 'latest',
    lateSeconds: 50,
    windowSeconds: 50,
    gives: { runs: '0', skipped: '', next: 60 },
  },
  {
    what: 'more than anyone counts',
    schedule: EVERY_SECOND,
    misfire: 'latest',
    lateSeconds: 48 * HOUR_SECONDS,
    gives: { runs: '172789…172800 (12)', skipped: '0…172788 (1000+)', next: 172_801 },
  },
  {
    what: 'the last of a schedule that has ended',
    schedule: EVERY_MINUTE,
    misfire: 'latest',
    lateSeconds: 300,
    endsAt: NOON + 150 * SECOND,
    gives: { runs: '120', skipped: '0…60 (2)', next: null },
  },
  {
    what: 'only what is not overdue',
    schedule: EVERY_SECOND,
    misfire: 'skip',
    lateSeconds: 60,
    gives: { runs: '50…60 (11)', skipped: '0…49 (50)', next: 61 },
  },
  {
    what: 'nothing',
    schedule: EVERY_MINUTE,
    misfire: 'skip',
    lateSeconds: 100,
    gives: { runs: '', skipped: '0…60 (2)', next: 120 },
  },
  {
    what: 'nothing of a schedule that has ended',
    schedule: EVERY_MINUTE,
    misfire: 'skip',
    lateSeconds: 300,
    endsAt: NOON + 150 * SECOND,
    gives: { runs: '', skipped: '0…120 (3)', next: null },
  },
  {
    what: 'each',
    schedule: EVERY_MINUTE,
    misfire: 'all',
    lateSeconds: 300,
    gives: { runs: '0…300 (6)', skipped: '', next: 360 },
  },
  {
    what: 'each within the window',
    schedule: EVERY_MINUTE,
    misfire: 'all',
    lateSeconds: 300,
    windowSeconds: 120,
    gives: { runs: '180 240 300', skipped: '0…120 (3)', next: 360 },
  },
  {
    what: 'at most 100 a call',
    schedule: EVERY_SECOND,
    misfire: 'all',
    lateSeconds: 300,
    gives: { runs: '0…99 (100)', skipped: '', next: 100 },
  },
  {
    what: 'the newest 1,000 overdue',
    schedule: EVERY_SECOND,
    misfire: 'all',
    lateSeconds: 2_000,
    gives: { runs: '990…1089 (100)', skipped: '0…989 (990)', next: 1_090 },
  },
];

describe('planFiring', () => {
  test.for(TABLE)('$misfire runs $what: $schedule, $lateSeconds s late', (row) => {
    const given = { ...row, slot: NOON, now: NOON + row.lateSeconds * SECOND };
    expect(inSeconds(plan(given))).toEqual(row.gives);
  });

  test('a slot that has not come stays the next', () => {
    const given = { schedule: EVERY_MINUTE, misfire: 'all', slot: NOON, now: NOON - 1 } as const;
    expect(plan(given)).toEqual({ runs: [], skipped: null, next: NOON });
  });

  test('a due slot that the schedule does not have any more is dealt with like the others', () => {
    const given = { schedule: EVERY_MINUTE, misfire: 'latest', slot: NOON + 7, now: NOON + 90 * SECOND } as const;
    expect(inSeconds(plan(given))).toEqual({ runs: '60', skipped: '0.007…0.007 (1)', next: 120 });
  });

  test('runs become claimable after their jitter', () => {
    const policy = { misfire: 'latest', misfireWindowSeconds: 3_600, jitterSeconds: 30 } as const;
    const schedule = scheduleOf({ schedule: EVERY_MINUTE });
    const { runs } = planFiring({ job: JOB, schedule, policy, slot: NOON, now: NOON });
    expect(runs).toHaveLength(1);
    expect(runs[0]?.readyAt).toBeGreaterThan(NOON);
    expect(runs[0]?.readyAt).toBeLessThan(NOON + 30 * SECOND);
  });

  test.for(MISFIRES)('%s, called until nothing is due, catches up with 1,000 overdue slots at most', (misfire) => {
    const now = NOON + 2 * HOUR;
    let slots = 0;
    let slot: Instant | null = NOON;
    while (slot !== null && slot <= now) {
      const planned: FiringPlan = plan({ schedule: EVERY_SECOND, misfire, slot, now });
      slots += planned.runs.length;
      slot = planned.next;
    }
    expect(slots).toBe({ latest: 12, skip: 11, all: 1_011 }[misfire]);
  });

  test.for(MISFIRES)('%s asks for few slots of a year of them', (misfire) => {
    let asked = 0;
    const inner = scheduleOf({ schedule: EVERY_SECOND });
    const schedule: Schedule = {
      ...inner,
      after(instant) {
        asked++;
        return inner.after(instant);
      },
    };
    const policy = { misfire, misfireWindowSeconds: (366 * DAY) / SECOND, jitterSeconds: 0 };
    planFiring({ job: JOB, schedule, policy, slot: NOON, now: NOON + 365 * DAY });
    expect(asked).toBeLessThan(40_000);
  });
});

/** Schedules of all rhythms, with bursts, around the clock change of 29 March 2026 in Berlin. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    schedule: fc.constantFrom(
      EVERY_SECOND,
      EVERY_MINUTE,
      '* 0 * * * *',
      '*/7 30-32 2 * * *',
      '0 0,30 2 * * *',
      '0 0 3 * * 0',
      '@every 77s',
    ),
    misfire: fc.constantFrom(...MISFIRES),
    start: fc.integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 30) }),
    late: fc.oneof(
      fc.integer({ min: 0, max: 30 * SECOND }),
      fc.integer({ min: 0, max: HOUR }),
      fc.integer({ min: 0, max: 3 * DAY }),
    ),
    windowSeconds: fc.oneof(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 4 * 86_400 })),
    ends: fc.option(fc.integer({ min: 1, max: 2 * DAY })),
  })
  .map(({ schedule, misfire, start, late, windowSeconds, ends }) => {
    const slot = scheduleOf({ schedule }).after(start) ?? start;
    const endsAt = ends === null ? null : slot + ends;
    return { schedule, misfire, windowSeconds, slot, now: slot + late, endsAt };
  });

/** Every due slot, found one by one. */
function dueSlots(given: Case): Instant[] {
  const schedule = scheduleOf(given);
  const slots: Instant[] = [];
  for (let slot: Instant | null = given.slot; slot !== null && slot <= given.now; slot = schedule.after(slot)) {
    slots.push(slot);
  }
  return slots;
}

/** Which of them run, by the words of the design and nothing else. */
function runsInWords(due: readonly Instant[], { misfire, now, windowSeconds = 3_600 }: Case): Instant[] {
  const overdue = due.filter((slot) => now - slot > OVERDUE);
  const inWindow = overdue.filter((slot) => now - slot <= windowSeconds * SECOND);
  const newest = overdue.at(-1);
  const latest = inWindow.filter((slot) => slot === newest);
  const caughtUp = { latest, skip: [], all: inWindow.slice(-1_000) }[misfire];
  return [...caughtUp, ...due.filter((slot) => now - slot <= OVERDUE)];
}

describe('laws of a plan', () => {
  const runs = { numRuns: long ? 3_000 : 150 };

  test('it is what the words of the design give, found by looking at every slot', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const due = dueSlots(given);
        const wanted = runsInWords(due, given);
        const skipped = due.filter((slot) => wanted[0] === undefined || slot < wanted[0]);
        const planned = plan(given);
        expect(planned.runs.map(({ slot }) => slot)).toEqual(wanted.slice(0, MOST_RUNS));
        expect(planned.next).toBe(wanted[MOST_RUNS] ?? scheduleOf(given).after(given.now));
        const count = Math.min(skipped.length, MOST_COUNTED);
        expect(planned.skipped).toEqual(
          skipped.length === 0
            ? null
            : { first: given.slot, last: skipped.at(-1), count, atLeast: skipped.length > MOST_COUNTED },
        );
      }),
      runs,
    );
  });

  test('it moves on: nothing before the slot, skipped before runs before next, and the same when asked again', () => {
    fc.assert(
      fc.property(cases, (given) => {
        const planned = plan(given);
        const { skipped, next } = planned;
        const ends = skipped === null ? [] : [skipped.first, skipped.last + 0.5];
        const line = [given.slot - 1, ...ends, ...planned.runs.map(({ slot }) => slot), next ?? Infinity];
        for (const [index, instant] of line.entries()) {
          if (index > 0) expect(instant).toBeGreaterThan(line[index - 1] ?? Infinity);
        }
        expect(plan(given)).toEqual(planned);
      }),
      runs,
    );
  });
});
