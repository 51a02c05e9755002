/**
 * An October and a March, from the API to the runs: jobs are submitted, two real schedulers race, the engine's clock goes
 * through every change of three zones' clocks, and each slot comes exactly once, at its instant. What is to come is found
 * by brute force, which shares nothing with the program.
 */
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { jobId, type JobId } from '../../src/domain/id.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { ENGINES } from '../contract/engines.ts';
import { World } from '../contract/world.ts';
import { Offsets, slotsByBruteForce, walk } from '../schedule/brute-force.ts';
import { startApi, type Api } from '../support/api.ts';
import { long } from '../support/long.ts';
import { steppedSchedulers } from '../support/stepped-schedulers.ts';

/** Everything below lies on multiples of it. */
const STEP = long ? MINUTE : 5 * MINUTE;
const AROUND = long ? 36 * HOUR : 15 * HOUR;

/** When these put their clocks forward or back: Lord Howe by half an hour. */
const CHANGES = {
  'Australia/Lord_Howe': ['2026-10-03T15:30:00Z', '2027-04-03T15:00:00Z'],
  'Europe/Berlin': ['2026-10-25T01:00:00Z', '2027-03-28T01:00:00Z'],
  'America/New_York': ['2026-11-01T06:00:00Z', '2027-03-14T07:00:00Z'],
};
const ZONES = Object.keys(CHANGES);

const EXPRESSIONS = [
  // Fixed times, in the gap, in the repeat, and beside them.
  '0 30 2 * * *',
  '0 15 2 * * *',
  '0 0 2,14 * * *',
  '0 0,30 1,2,3 * * *',
  '0 0 0 * * *',
  // Ranges of hours are fixed times, too.
  '0 */20 0-4 * * *',
  '0 0 1-3 * * 0,6',
  // Intervals.
  '0 15 * * * *',
  '0 */10 * * * *',
  '0 0 */2 * * *',
  '0 0 */12 * * *',
  ...(long ? ['0 * * * * *'] : []),
];

const wire = (instant: number): string => new Date(instant).toISOString();

interface Expected {
  readonly job: JobId;
  readonly what: string;
  readonly slots: readonly number[];
}

/** Jobs of every kind in every zone, with slots from `from` to before `to`. */
async function submit(api: Api, from: number, to: number): Promise<Expected[]> {
  const wanted = ZONES.flatMap((timezone) => {
    const walked = walk(new Offsets(timezone, from - 72 * HOUR, to + 72 * HOUR), from - 48 * HOUR, to, MINUTE);
    const every = Array.from({ length: (to - from) / (90 * MINUTE) }, (_, index) => from + index * 90 * MINUTE);
    const expressions = EXPRESSIONS.map((schedule) => ({ schedule, slots: slotsByBruteForce(schedule, walked, from) }));
    return expressions
      .concat({ schedule: '@every 90m', slots: every })
      .map(({ schedule, slots }) => ({ timezone, schedule, slots }));
  });
  const fields = { command: 'true', overlap: 'allow', starts_at: wire(from), ends_at: wire(to) };
  return Promise.all(
    wanted.map(async ({ timezone, schedule, slots }) => {
      const { body } = await api.call<JobView>('POST', '/api/jobs', { body: { ...fields, timezone, schedule } });
      return { job: jobId(body.id), what: `${schedule} in ${timezone}`, slots };
    }),
  );
}

describe.concurrent.each(ENGINES)('through an October and a March on $name', (engine) => {
  it('each slot comes exactly once, and at its instant', { timeout: long ? 900_000 : 20_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const opened = stack.adopt(await engine.open(), (engineOfTest) => engineOfTest.dispose());
    const world = new World(opened);
    const { clock } = opened;
    const api = stack.use(await startApi({ wrapStore: () => opened.store }));
    const schedulers = stack.use(await steppedSchedulers(opened.store, 2));
    const changes = Object.values(CHANGES)
      .flat()
      .map(Date.parse)
      .toSorted((a, b) => a - b);
    let slots = 0;
    for (const change of changes) {
      const [from, to] = [change - AROUND, change + AROUND];
      clock.set(from - MINUTE);
      const expected = await submit(api, from, to);
      for (let now = from; now <= to; now += STEP) {
        clock.set(now - 1);
        await schedulers.settle();
        clock.set(now);
        await schedulers.settle();
      }
      for (const { job, what, slots: due } of expected) {
        const runs = await world.runs(job);
        expect(
          runs.map(({ scheduledFor }) => wire(scheduledFor ?? 0)),
          what,
        ).toEqual(due.map(wire));
        // Neither early nor late.
        expect(runs.filter(({ createdAt, scheduledFor }) => createdAt !== scheduledFor)).toEqual([]);
        expect(runs.filter(({ skipped }) => skipped !== null)).toEqual([]);
        expect((await world.job(job)).status).toBe('finished');
        slots += due.length;
      }
    }
    expect(slots).toBeGreaterThan(long ? 50_000 : 3_000);
  });
});
