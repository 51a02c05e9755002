/**
 * What a job says of its slots, from the API to the runs, and clocks that jump: on both engines, on a clock that the test
 * moves, with two real schedulers that race for every slot.
 */
import { describe, expect, test, type TestAPI } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import type { NewJobBody } from '../../src/http/schema/job-body.ts';
import { jobId, type JobId } from '../../src/domain/id.ts';
import { DAY, HOUR, MINUTE, SECOND, type Instant, type Millis } from '../../src/domain/instant.ts';
import type { Run } from '../../src/domain/run.ts';
import { ENGINES, type Engine } from '../contract/engines.ts';
import { World } from '../contract/world.ts';
import { startApi } from '../support/api.ts';
import { Chance } from '../simulation/chance.ts';
import { START } from '../support/clock.ts';
import { seed } from '../support/seed.ts';
import { steppedSchedulers } from '../support/stepped-schedulers.ts';

const wire = (instant: Instant): string => new Date(instant).toISOString();

interface Site {
  readonly world: World;
  submit(fields: Partial<NewJobBody>): Promise<JobId>;
  edit(job: JobId, fields: object): Promise<void>;
  post(job: JobId, action: 'pause' | 'resume'): Promise<void>;
  /** Time passes with the schedulers at work, a step at a time. */
  live(until: Instant, step?: Millis): Promise<void>;
  /** The clock is there at once, as when nobody was at work meanwhile, or somebody moved it; then they are. */
  jump(to: Instant): Promise<void>;
  /** What became of its slots, in words: `00:01:00`, or `skipped 00:01:00-00:05:00 x5`. */
  fate(job: JobId): Promise<string[]>;
}

function fateOf({ scheduledFor, skipped }: Run): string {
  const time = (instant: Instant): string => wire(instant).slice(11, 19);
  if (skipped === null) return time(scheduledFor ?? 0);
  return `skipped ${time(skipped.first)}-${time(skipped.last)} x${skipped.count}`;
}

async function openSite(stack: AsyncDisposableStack, engine: Engine): Promise<Site> {
  const opened = stack.adopt(await engine.open(), (engineOfTest) => engineOfTest.dispose());
  const { store, clock } = opened;
  const api = stack.use(await startApi({ wrapStore: () => store }));
  const schedulers = stack.use(await steppedSchedulers(store, 2));
  const world = new World(opened);
  const jump = async (to: Instant): Promise<void> => {
    clock.set(to);
    await schedulers.settle();
  };
  return {
    world,
    jump,
    submit: async (fields) => {
      const usual = { command: 'true', schedule: '0 * * * * *', timezone: 'UTC', overlap: 'allow' };
      const { body } = await api.call<JobView>('POST', '/api/jobs', { body: { ...usual, ...fields } });
      return jobId(body.id);
    },
    edit: async (job, fields) => {
      expect((await api.call('PATCH', `/api/jobs/${job}`, { body: fields })).status).toBe(200);
    },
    post: async (job, action) => {
      expect((await api.call('POST', `/api/jobs/${job}/${action}`)).status).toBe(200);
    },
    live: async (until, step = SECOND) => {
      for (let now = await store.now(); now < until;) {
        now = Math.min(until, now + step);
        await jump(now);
      }
    },
    fate: async (job) => (await world.runs(job)).map(fateOf),
  };
}

function onEach(engine: Engine): TestAPI<{ site: Site }> {
  return test.extend<{ site: Site }>({
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs.
    site: async ({}, use) => {
      await using stack = new AsyncDisposableStack();
      await use(await openSite(stack, engine));
    },
  });
}

describe.each(ENGINES)('time on $name:', (engine) => {
  const it = onEach(engine);

  describe('starts_at and ends_at', () => {
    it('a slot at starts_at comes, one at ends_at does not, and then the job is finished', async ({ site }) => {
      const job = await site.submit({ starts_at: wire(START + MINUTE), ends_at: wire(START + 4 * MINUTE) });
      await site.live(START + 6 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00', '00:03:00']);
      expect((await site.world.job(job)).status).toBe('finished');
    });

    it('between slots: those inside come', async ({ site }) => {
      const job = await site.submit({ starts_at: wire(START + 61_500), ends_at: wire(START + 180_001) });
      await site.live(START + 5 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:02:00', '00:03:00']);
    });

    it('starts_at in the past brings no slot of the past', async ({ site }) => {
      const job = await site.submit({ starts_at: wire(START - 30 * DAY) });
      const every = await site.submit({ starts_at: wire(START - 30 * DAY - 20_000), schedule: '@every 90s' });
      await site.live(START + 2 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00']);
      // As if it had been counting since then.
      expect(await site.fate(every)).toEqual(['00:01:10']);
    });

    it('an ends_at that comes while nobody is there leaves nothing behind it', async ({ site }) => {
      const job = await site.submit({ ends_at: wire(START + 3 * MINUTE), misfire: 'all' });
      await site.jump(START + HOUR);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00']);
      expect((await site.world.job(job)).status).toBe('finished');
    });
  });

  describe('misfire and misfire_window_seconds', () => {
    it('after two hours without a scheduler', async ({ site }) => {
      const schedule = '0 */10 * * * *';
      const [latest, all, none, narrow, within] = await Promise.all([
        site.submit({ schedule }),
        site.submit({ schedule, misfire: 'all', misfire_window_seconds: 1_800 }),
        site.submit({ schedule, misfire: 'skip' }),
        site.submit({ schedule, misfire_window_seconds: 299 }),
        site.submit({ schedule, misfire: 'all', misfire_window_seconds: 300 }),
      ]);
      await site.jump(START + 2 * HOUR + 5 * MINUTE);
      expect(await site.fate(latest)).toEqual(['skipped 00:10:00-01:50:00 x11', '02:00:00']);
      expect(await site.fate(all)).toEqual(['skipped 00:10:00-01:30:00 x9', '01:40:00', '01:50:00', '02:00:00']);
      expect(await site.fate(none)).toEqual(['skipped 00:10:00-02:00:00 x12']);
      // The newest is 300 s late: one second outside of the window, and just inside.
      expect(await site.fate(narrow)).toEqual(['skipped 00:10:00-02:00:00 x12']);
      expect(await site.fate(within)).toEqual(['skipped 00:10:00-01:50:00 x11', '02:00:00']);
      // And from then on as always.
      await site.live(START + 2 * HOUR + 21 * MINUTE, MINUTE);
      expect((await site.fate(none)).slice(1)).toEqual(['02:10:00', '02:20:00']);
    });

    it('what is up to 10 s late is no misfire', async ({ site }) => {
      const job = await site.submit({ misfire: 'skip' });
      await site.jump(START + 70 * SECOND);
      expect(await site.fate(job)).toEqual(['00:01:00']);
      await site.jump(START + 130 * SECOND + 1);
      expect(await site.fate(job)).toEqual(['00:01:00', 'skipped 00:02:00-00:02:00 x1']);
    });
  });

  describe('jitter_seconds', () => {
    it('keeps a run from being claimed for less than that, another time for each slot and job', async ({ site }) => {
      const jobs = await Promise.all([site.submit({ jitter_seconds: 20 }), site.submit({ jitter_seconds: 20 })]);
      const worker = site.world.worker();
      const delays = new Map<string, number>();
      for (let now = START; now < START + 6 * MINUTE; now += 500) {
        await site.jump(now);
        for (const run of (await worker.claim(250)).claimed) delays.set(run.run, now - (run.scheduledFor ?? 0));
      }
      expect(delays.size).toBe(10);
      for (const delay of delays.values()) {
        expect(delay).toBeGreaterThanOrEqual(0);
        // Looked for every half a second.
        expect(delay).toBeLessThan(20_500);
      }
      expect(new Set(delays.values()).size).toBeGreaterThan(5);
      for (const job of jobs) expect(await site.fate(job)).toHaveLength(5);
    });
  });

  describe('an edit while a slot is overdue', () => {
    it('of the schedule counts it as skipped, and the new schedule begins now', async ({ site }) => {
      const job = await site.submit({});
      site.world.clock.set(START + 90 * SECOND);
      await site.edit(job, { schedule: '30 * * * * *' });
      await site.live(START + 4 * MINUTE);
      expect(await site.fate(job)).toEqual(['skipped 00:01:00-00:01:00 x1', '00:02:30', '00:03:30']);
    });

    it('of anything else leaves it to come', async ({ site }) => {
      const job = await site.submit({});
      site.world.clock.set(START + 90 * SECOND);
      await site.edit(job, { command: 'false', misfire: 'all' });
      await site.live(START + 2 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00']);
    });

    it('to a schedule that has the slot that was just fired does not fire it again', async ({ site }) => {
      const job = await site.submit({});
      await site.live(START + MINUTE);
      // Back before the slot that was fired.
      site.world.clock.set(START + 50 * SECOND);
      await site.edit(job, { schedule: '0 */1 * * * *' });
      await site.edit(job, { timezone: 'Europe/Berlin' });
      await site.live(START + 3 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00', '00:03:00']);
    });
  });

  describe('a pause', () => {
    it('over slots is no misfire: nothing of them runs, and nothing is counted as skipped', async ({ site }) => {
      const job = await site.submit({ misfire: 'all' });
      await site.live(START + MINUTE);
      await site.post(job, 'pause');
      await site.live(START + 10 * MINUTE + 30 * SECOND, 10 * SECOND);
      await site.post(job, 'resume');
      await site.live(START + 12 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:11:00', '00:12:00']);
    });

    it('of a job with an overdue slot counts that as skipped, once', async ({ site }) => {
      const job = await site.submit({ misfire: 'all' });
      site.world.clock.set(START + 90 * SECOND);
      await site.post(job, 'pause');
      await site.post(job, 'resume');
      await site.live(START + 3 * MINUTE);
      expect(await site.fate(job)).toEqual(['skipped 00:01:00-00:01:00 x1', '00:02:00', '00:03:00']);
    });
  });

  describe("the engine's clock", () => {
    it('set back by an hour fires nothing again, and nothing before its time', async ({ site }) => {
      const job = await site.submit({});
      await site.live(START + 3 * MINUTE);
      await site.jump(START + 3 * MINUTE - HOUR);
      await site.live(START + 3 * MINUTE + 59 * SECOND, 30 * SECOND);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00', '00:03:00']);
      await site.live(START + 5 * MINUTE);
      expect(await site.fate(job)).toEqual(['00:01:00', '00:02:00', '00:03:00', '00:04:00', '00:05:00']);
    });

    it('set forward by an hour makes overdue what it passed over, once; set right, nothing comes again', async ({
      site,
    }) => {
      const job = await site.submit({});
      await site.live(START + MINUTE);
      await site.jump(START + HOUR + 30 * SECOND);
      await site.jump(START + MINUTE + 30 * SECOND);
      await site.live(START + HOUR + 2 * MINUTE, 30 * SECOND);
      expect(await site.fate(job)).toEqual([
        '00:01:00',
        'skipped 00:02:00-00:59:00 x58',
        '01:00:00',
        '01:01:00',
        '01:02:00',
      ]);
    });

    it(`that jumps to and fro a hundred times gives each slot once, and none early (seed ${seed})`, async ({
      site,
    }) => {
      const chance = new Chance(seed);
      const job = await site.submit({ misfire: 'all', misfire_window_seconds: 86_400 });
      let furthest = START;
      for (let jumps = 0; jumps < 100; jumps++) {
        const now = START + chance.whole(0, 2 * HOUR);
        furthest = Math.max(furthest, now);
        await site.jump(now);
        const newest = (await site.world.runs(job)).at(-1)?.scheduledFor ?? START;
        expect(newest).toBeLessThanOrEqual(furthest);
      }
      const runs = await site.world.runs(job);
      const expected = Array.from(
        { length: Math.floor((furthest - START) / MINUTE) },
        (_, n) => START + (n + 1) * MINUTE,
      );
      expect(runs.map(({ scheduledFor }) => scheduledFor)).toEqual(expected);
    });
  });
});
