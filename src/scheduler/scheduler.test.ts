import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeClock, START, type FakeClock } from '../../test/support/clock.ts';
import { cronDefinition, newJob } from '../../test/support/definitions.ts';
import { temporaryFolder, type TemporaryFolder } from '../../test/support/folder.ts';
import { eventually } from '../../test/support/wait.ts';
import { MINUTE, SECOND } from '../domain/instant.ts';
import { JobschedError } from '../errors.ts';
import { openStore } from '../store/open.ts';
import type { NewJob } from '../store/jobs.ts';
import type { Store } from '../store/store.ts';
import { Scheduler, sleepAfter, SLEEP_WITHOUT_PROGRESS } from './scheduler.ts';

const silent = pino({ level: 'silent' });

let folder: TemporaryFolder;
let clock: FakeClock;
let store: Store;
beforeEach(async () => {
  folder = await temporaryFolder();
  clock = fakeClock();
  store = await openStore({ kind: 'sqlite', file: `${folder.path}/test.db`, clock });
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

const everyMinute = (nextSlot = START): NewJob => newJob(cronDefinition({ overlap: 'allow' }), { nextSlot });
const scheduler = (over: Store = store, logger = silent): Scheduler => new Scheduler({ store: over, clock, logger });

/** The slots that gave a run, oldest first, once there are so many. */
const slotsFired = (count: number): Promise<(number | null)[]> =>
  eventually(store, `${count} runs`, async () => {
    const { rows } = await store.listRuns({}, 200, null);
    return rows.length < count ? null : rows.map((run) => run.scheduledFor).toReversed();
  });

/** A store of which some methods are others'. */
const withMethods = (methods: Partial<Store>): Store =>
  new Proxy(store, {
    get: (target, key) => {
      const value: unknown = Reflect.get(key in methods ? methods : target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

describe('Scheduler', () => {
  it('fires a slot that has come, and sets the next', async () => {
    const job = everyMinute();
    await store.createJobs([job], null);
    const running = scheduler();
    await running.start();
    expect(await slotsFired(1)).toEqual([START]);
    await running.stop();
    expect(await store.findJob(job.id)).toMatchObject({ job: { nextSlot: START + MINUTE, lastSlot: START } });
  });

  describe('with a backlog of which one call ends but a part', () => {
    const BACKLOG = 600;
    const piledUp = async (): Promise<NewJob> => {
      const job = everyMinute();
      await store.createJobs([job], null);
      const byHand = { job: job.id, fingerprint: '', trigger: 'manual', force: false } as const;
      const requests = Array.from({ length: BACKLOG }, (_, n) => ({ ...byHand, request: `r${n}` }));
      await Promise.all(requests.map((request) => store.trigger(request)));
      return job;
    };
    const ended = (status: 'cancelled' | 'skipped'): Promise<true> =>
      eventually(store, `${BACKLOG} runs ${status}`, async () =>
        (await store.counts()).runs[status] === BACKLOG ? true : null,
      );

    it('ends the rest of a deleted job', async () => {
      const job = await piledUp();
      const running = scheduler();
      await running.start();
      await store.deleteJob(job.id, false);
      await ended('cancelled');
      await running.stop();
    });

    it('fires the slot that replaces it at once', async () => {
      const job = await piledUp();
      const definition = cronDefinition({ overlap: 'replace' });
      await store.updateJob({ job: job.id, ifVersion: null, definition, nextSlot: 'keep' });
      const running = scheduler();
      const timers = vi.spyOn(globalThis, 'setTimeout');
      await running.start();
      await ended('skipped');
      expect(timers.mock.calls.map(([, delay]) => delay)).not.toContain(SLEEP_WITHOUT_PROGRESS);
      timers.mockRestore();
      expect((await store.counts()).runs.pending).toBe(1);
      await running.stop();
    });
  });

  it('is woken by a slot that comes earlier than it knew', async () => {
    const running = scheduler();
    await running.start();
    await store.createJobs([everyMinute()], null);
    expect(await slotsFired(1)).toEqual([START]);
    await running.stop();
  });

  it('fires every slot once when there are several of it', async () => {
    clock.set(START + 9 * SECOND);
    await store.createJobs(
      [newJob(cronDefinition({ schedule: '* * * * * *', overlap: 'allow' }), { nextSlot: START })],
      null,
    );
    const several = [scheduler(), scheduler(), scheduler()];
    await Promise.all(several.map((each) => each.start()));
    await slotsFired(10);
    await Promise.all(several.map((each) => each.stop()));
    expect(await slotsFired(10)).toEqual(Array.from({ length: 10 }, (_, second) => START + second * SECOND));
  });

  it('goes on when the engine comes back, and reports once that it was away', async () => {
    await store.createJobs([everyMinute()], null);
    let failures = 3;
    const ticked = Promise.withResolvers<void>();
    const failing = withMethods({
      tick: async (limit) => {
        if (failures === 0) return store.tick(limit);
        failures -= 1;
        ticked.resolve();
        throw new JobschedError('engine_unavailable', 'the engine is away');
      },
    });
    const lines: string[] = [];
    const running = scheduler(failing, pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }));
    await running.start();
    await ticked.promise;
    // A hint cuts its patience short, so that this test need not have any.
    for (let left = failures; left > 0; left -= 1) await store.createJobs([everyMinute(START + MINUTE)], null);
    expect(await slotsFired(1)).toEqual([START]);
    await running.stop();
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'cannot fire',
      'storage answers again; firing goes on',
    ]);
  });

  it('does not wake itself by firing', async () => {
    await store.createJobs([everyMinute()], null);
    const hints: string[] = [];
    let ticks = 0;
    const counting = withMethods({
      tick: (limit) => {
        ticks += 1;
        return store.tick(limit);
      },
    });
    const unsubscribe = store.subscribe(({ kind }) => void hints.push(kind));
    const running = scheduler(counting);
    await running.start();
    expect(await slotsFired(1)).toEqual([START]);
    await running.stop();
    unsubscribe();
    expect(hints).not.toContain('schedule');
    expect(ticks).toBe(1);
  });

  it('fires the others when there are many schedules that it cannot read, and says so once', async () => {
    const broken = Array.from({ length: 250 }, () =>
      newJob(cronDefinition({ timezone: 'Mars/Olympus' }), { nextSlot: START - MINUTE }),
    );
    await store.createJobs(broken, null);
    await store.createJobs([everyMinute()], null);
    const lines: string[] = [];
    const running = scheduler(store, pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }));
    await running.start();
    await eventually(store, 'the run of the other', async () => {
      const { pending } = (await store.counts()).runs;
      return pending === 1 ? true : null;
    });
    await running.stop();
    expect(lines).toHaveLength(250);
    expect((await store.counts()).jobs).toMatchObject({ scheduled: 1, finished: 250 });
    expect((await store.counts()).runs.skipped).toBe(250);
  });

  it('skips the slot of a schedule that it cannot read, and fires the others', async () => {
    const broken = newJob(cronDefinition({ timezone: 'Mars/Olympus' }), { nextSlot: START - MINUTE });
    await store.createJobs([broken, everyMinute()], null);
    const running = scheduler();
    await running.start();
    expect(await slotsFired(2)).toEqual([START - MINUTE, START]);
    await running.stop();
    expect(await store.findJob(broken.id)).toMatchObject({ job: { status: 'finished' } });
  });

  it('can be stopped at any time and again, and leaves no timer and no listener', async () => {
    for (let round = 0; round < 50; round += 1) {
      const running = scheduler();
      const started = running.start();
      if (round % 2 === 0) await started;
      await Promise.all([running.stop(), running.stop()]);
      await started;
    }
    const never = scheduler();
    await never.stop();
    await never.start();
    await store.createJobs([everyMinute()], null);
    expect((await store.listRuns({}, 10, null)).rows).toEqual([]);
  });
});

describe('sleepAfter', () => {
  const now = START;
  it.each([
    ['until what comes next', { nextAt: now + 1_234, leases: false }, 0, 1_234],
    ['less what passed since', { nextAt: now + 1_234, leases: false }, 34, 1_200],
    ['at most 5 s', { nextAt: now + MINUTE, leases: false }, 0, 5_000],
    ['at most 1 s while leases exist', { nextAt: now + MINUTE, leases: true }, 0, 1_000],
    ['5 s when nothing comes', { nextAt: null, leases: false }, 0, 5_000],
    ['not at all when it is overdue', { nextAt: now - 5, leases: false }, 0, 0],
  ])('sleeps %s', (_, tick, elapsed, expected) => {
    expect(sleepAfter({ now, ...tick }, elapsed)).toBe(expected);
  });
});
