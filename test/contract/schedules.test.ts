import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { jobId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { SkippedSlots } from '../../src/domain/run.ts';
import type { Firing } from '../../src/store/schedules.ts';
import { cronDefinition } from '../support/definitions.ts';
import { START } from '../support/clock.ts';
import { contractAllWays } from './contract.ts';
import { answer, only, type World } from './world.ts';

contractAllWays('tick', (it) => {
  it('returns nothing of an empty store', async ({ world }) => {
    expect(await world.store.tick(250)).toEqual({
      now: START,
      due: [],
      nextAt: null,
      leases: false,
      flagged: [],
      lost: [],
    });
  });

  it('returns a schedule when its slot has come, not before', async ({ world }) => {
    const job = await world.cron({ command: 'date' });
    const slot = START + MINUTE;
    world.clock.set(slot - 1);
    expect(await world.store.tick(250)).toMatchObject({ now: slot - 1, due: [], nextAt: slot });
    world.clock.set(slot);
    const due = { job: job.id, version: 1, slot, definition: job.definition };
    expect(await world.store.tick(250)).toMatchObject({ now: slot, due: [due] });
  });

  it('fires nothing: it returns the same until somebody does', async ({ world }) => {
    const job = await world.cron({}, START);
    const first = await world.store.tick(250);
    expect(await world.store.tick(250)).toEqual(first);
    await world.fire(job.id);
    expect(await world.store.tick(250)).toMatchObject({ due: [], nextAt: START + MINUTE });
  });

  it('returns the longest overdue first, and says when there are more', async ({ world }) => {
    const slots = [START + 3, START + 1, START + 4, START + 2];
    for (const slot of slots) await world.cron({}, slot);
    world.clock.set(START + SECOND);
    const cut = await world.store.tick(2);
    expect(cut.due.map(({ slot }) => slot)).toEqual([START + 1, START + 2]);
    expect(cut.nextAt).toBeLessThanOrEqual(cut.now);
    const whole = await world.store.tick(250);
    expect(whole.due.map(({ slot }) => slot)).toEqual([START + 1, START + 2, START + 3, START + 4]);
    expect(whole.nextAt).toBeNull();
  });

  it('shows the newest version', async ({ world }) => {
    const job = await world.cron();
    const definition = cronDefinition({ command: 'new' });
    await world.store.updateJob({ job: job.id, ifVersion: 1, definition, nextSlot: 'keep' });
    world.clock.advance(MINUTE);
    expect((await world.store.tick(250)).due).toMatchObject([{ version: 2, definition }]);
  });

  it('promotes delayed runs whose time has come', async ({ world }) => {
    const { id } = await world.once({ runAt: START + HOUR });
    expect(await world.store.tick(250)).toMatchObject({ nextAt: START + HOUR });
    world.clock.advance(HOUR);
    expect((await world.store.tick(250)).nextAt).toBeNull();
    expect(only(await world.runs(id))).toMatchObject({ status: 'pending', place: 'queue', readyAt: null });
  });

  it('tells of the earliest of slots, delayed runs and leases', async ({ world }) => {
    await world.cron({}, START + 2 * HOUR);
    expect(await world.store.tick(250)).toMatchObject({ nextAt: START + 2 * HOUR, leases: false });
    await world.once({ runAt: START + HOUR });
    expect(await world.store.tick(250)).toMatchObject({ nextAt: START + HOUR, leases: false });
    await world.once();
    await world.worker().claimed();
    expect(await world.store.tick(250)).toMatchObject({ nextAt: START + 15 * SECOND, leases: true });
  });
});

contractAllWays('fire', (it) => {
  it('creates the run of the slot and moves on', async ({ world }) => {
    const job = await world.cron({ name: 'minutely', queue: 'q1', priority: 7, lateAfterSeconds: 30 });
    const slot = START + MINUTE;
    const run = await world.fired(job.id);
    expect(run).toMatchObject({ id: `${job.id}.1`, number: 1, status: 'pending', place: 'queue', trigger: 'schedule' });
    expect(run).toMatchObject({
      scheduledFor: slot,
      createdAt: slot,
      queue: 'q1',
      priority: 7,
      lateAt: slot + 30 * SECOND,
    });
    expect(run).toMatchObject({ jobName: 'minutely', skipped: null, reason: null });
    expect(await world.job(job.id)).toMatchObject({ nextSlot: slot + MINUTE, lastSlot: slot, lastRun: { id: run.id } });
    expect(await world.job(job.id)).toMatchObject({ status: 'scheduled', version: 1 });
  });

  it('gives its run the next number', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow' });
    await world.fire(job.id);
    await world.trigger(job.id);
    expect(await world.fired(job.id)).toMatchObject({ id: `${job.id}.3`, number: 3 });
  });

  it('is stale the second time, and makes no second run', async ({ world }) => {
    const job = await world.cron();
    const firing = await dueFiring(world);
    expect(await world.store.fire([firing])).toMatchObject([{ status: 'fired' }]);
    expect(await world.store.fire([firing])).toEqual([{ status: 'stale' }]);
    expect(await world.runs(job.id)).toHaveLength(1);
  });

  it('is won by one of two at once', async ({ world }) => {
    await world.cron();
    const firing = await dueFiring(world);
    const results = await Promise.all([world.store.fire([firing]), world.store.fire([firing])]);
    expect(results.map((result) => only(result).status).toSorted()).toEqual(['fired', 'stale']);
  });

  it('is early before the slot, by the clock of the engine', async ({ world }) => {
    const job = await world.cron();
    const firing = await dueFiring(world);
    world.clock.set(firing.slot - 1);
    expect(await world.store.fire([firing])).toEqual([{ status: 'early' }]);
    expect(await world.runs(job.id)).toEqual([]);
    world.clock.set(firing.slot);
    expect(await world.store.fire([firing])).toMatchObject([{ status: 'fired' }]);
  });

  it.for<[string, (world: World, firing: Firing) => Promise<unknown>]>([
    [
      'edited',
      (world, { job }) =>
        world.store.updateJob({ job, ifVersion: null, definition: cronDefinition(), nextSlot: 'keep' }),
    ],
    ['paused', (world, { job }) => world.store.pauseJob(job)],
    ['deleted', (world, { job }) => world.store.deleteJob(job, false)],
  ])('is stale when the job was %s meanwhile', async ([, act], { world }) => {
    await world.cron();
    const firing = await dueFiring(world);
    await act(world, firing);
    expect(await world.store.fire([firing])).toEqual([{ status: 'stale' }]);
    expect((await world.store.listRuns({ status: ['pending'] }, 10, null)).rows).toEqual([]);
  });

  it('is stale for another slot than the next, for another version, and for an unknown job', async ({ world }) => {
    await world.cron();
    const firing = await dueFiring(world);
    const wrong = [
      { ...firing, slot: firing.slot - 1 },
      { ...firing, version: 2 },
      { ...firing, job: jobId(randomUUID()) },
    ];
    for (const one of wrong) expect(await world.store.fire([one])).toEqual([{ status: 'stale' }]);
  });

  it('is stale for a once job', async ({ world }) => {
    const { id } = await world.once();
    const firing = { job: id, version: 1, slot: START, runs: [], skipped: null, next: null };
    expect(await world.store.fire([firing])).toEqual([{ status: 'stale' }]);
  });

  it('deals with each of a batch by itself', async ({ world }) => {
    const jobs = [await world.cron({}, START), await world.cron({}, START + HOUR), await world.cron({}, START)];
    const firings = jobs.map((job) => firingOf(job.id, job.nextSlot ?? 0));
    const results = await world.store.fire(firings.with(2, { ...firings[2], version: 9 } as Firing));
    expect(results.map(({ status }) => status)).toEqual(['fired', 'early', 'stale']);
    expect((await world.store.counts()).runs.pending).toBe(1);
  });

  it('finishes a job without a next slot', async ({ world }) => {
    const job = await world.cron();
    await world.fire(job.id, { next: null });
    expect(await world.job(job.id)).toMatchObject({ status: 'finished', nextSlot: null, lastSlot: START + MINUTE });
  });

  it('holds a run with jitter back until it is ready', async ({ world }) => {
    const job = await world.cron({ jitterSeconds: 30 });
    const slot = START + MINUTE;
    const run = await world.fired(job.id, { runs: [{ slot, readyAt: slot + 20 * SECOND }] });
    expect(run).toMatchObject({ status: 'pending', place: 'delay', readyAt: slot + 20 * SECOND, scheduledFor: slot });
    world.clock.set(slot + 20 * SECOND - 1);
    expect(await world.worker().claimedIds()).toEqual([]);
    world.clock.set(slot + 20 * SECOND);
    expect(await world.worker().claimedIds()).toEqual([run.id]);
  });

  it('runs several overdue slots, oldest first', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow', misfire: 'all' }, START);
    world.clock.set(START + 3 * MINUTE);
    const slots = [0, 1, 2, 3].map((minutes) => START + minutes * MINUTE);
    const result = await world.fire(job.id, {
      runs: slots.map((slot) => ({ slot, readyAt: slot })),
      next: START + 4 * MINUTE,
    });
    expect(answer(result, 'fired').runs).toEqual([1, 2, 3, 4].map((number) => `${job.id}.${number}`));
    expect((await world.runs(job.id)).map(({ scheduledFor }) => scheduledFor)).toEqual(slots);
    expect(await world.job(job.id)).toMatchObject({ lastSlot: slots[3], nextSlot: START + 4 * MINUTE });
    expect(await world.worker().claimedIds()).toEqual([1, 2, 3, 4].map((number) => `${job.id}.${number}`));
  });

  it('never opens a slot again by an edit or a resume after the clock stepped back', async ({ world }) => {
    const job = await world.cron();
    await world.fire(job.id);
    const { lastSlot } = await world.job(job.id);
    world.clock.set(START);
    await world.store.pauseJob(job.id);
    expect(await world.store.resumeJob(job.id, lastSlot)).toMatchObject({ status: 'stale', lastSlot });
  });
});

contractAllWays('records of skipped slots', (it) => {
  const missed = (first: number, count: number): SkippedSlots => ({
    first: START + first * MINUTE,
    last: START + (first + count - 1) * MINUTE,
    count,
    atLeast: false,
  });

  it('stand for misfires, and come before the run', async ({ world }) => {
    const job = await world.cron({}, START);
    world.clock.set(START + 5 * MINUTE);
    const skipped = missed(0, 5);
    const slot = START + 5 * MINUTE;
    const result = await world.fire(job.id, { runs: [{ slot, readyAt: slot }], skipped, next: slot + MINUTE });
    expect(result).toEqual({ status: 'fired', runs: [`${job.id}.2`], skipped: 5 });
    const [record, run] = await world.runs(job.id);
    expect(record).toMatchObject({
      number: 1,
      status: 'skipped',
      reason: 'misfire',
      skipped,
      trigger: 'schedule',
      attempt: 0,
    });
    expect(record).toMatchObject({ createdAt: slot, finishedAt: slot, startedAt: null, place: null });
    expect(run).toMatchObject({ number: 2, status: 'pending', scheduledFor: slot, skipped: null });
    expect(await world.job(job.id)).toMatchObject({ lastSlot: slot, nextSlot: slot + MINUTE });
  });

  it('may stand alone, and still move the last slot', async ({ world }) => {
    const job = await world.cron({ misfire: 'skip' }, START);
    world.clock.set(START + 5 * MINUTE);
    const result = await world.fire(job.id, { runs: [], skipped: missed(0, 5), next: START + 6 * MINUTE });
    expect(result).toEqual({ status: 'fired', runs: [], skipped: 5 });
    expect(await world.job(job.id)).toMatchObject({ lastSlot: START + 4 * MINUTE, nextSlot: START + 6 * MINUTE });
    expect(await world.worker().claimedIds()).toEqual([]);
  });

  it('are extended while nothing comes between', async ({ world }) => {
    const job = await world.cron({ misfire: 'skip' }, START);
    world.clock.set(START + 9 * MINUTE);
    await world.fire(job.id, { runs: [], skipped: missed(0, 2), next: START + 2 * MINUTE });
    const more = { ...missed(2, 3), atLeast: true };
    expect(await world.fire(job.id, { runs: [], skipped: more, next: START + 10 * MINUTE })).toEqual({
      status: 'fired',
      runs: [],
      skipped: 3,
    });
    expect(only(await world.runs(job.id))).toMatchObject({ number: 1, skipped: { ...missed(0, 5), atLeast: true } });
    expect((await world.store.counts()).runs.skipped).toBe(1);
  });

  it('are not extended past a run', async ({ world }) => {
    const job = await world.cron({ misfire: 'skip', overlap: 'allow' }, START);
    world.clock.set(START + 9 * MINUTE);
    await world.fire(job.id, { runs: [], skipped: missed(0, 2), next: START + 2 * MINUTE });
    await world.trigger(job.id);
    await world.fire(job.id, { runs: [], skipped: missed(2, 3), next: START + 10 * MINUTE });
    expect((await world.runs(job.id)).map(({ skipped }) => skipped?.count ?? null)).toEqual([2, null, 3]);
  });

  it('are not extended for another reason', async ({ world }) => {
    const job = await world.cron({ overlap: 'skip' }, START);
    await world.fire(job.id);
    await world.fire(job.id);
    world.clock.set(START + 9 * MINUTE);
    await world.fire(job.id, { runs: [], skipped: missed(2, 8), next: START + 10 * MINUTE });
    const records = (await world.runs(job.id)).slice(1);
    expect(records.map(({ reason, skipped }) => [reason, skipped?.count])).toEqual([
      ['overlap', 1],
      ['misfire', 8],
    ]);
  });
});

function firingOf(job: Firing['job'], slot: number): Firing {
  return { job, version: 1, slot, runs: [{ slot, readyAt: slot }], skipped: null, next: slot + MINUTE };
}

/** Waits for the next slot of the only job, and makes its firing from what `tick` says. */
async function dueFiring(world: World): Promise<Firing> {
  world.clock.advance(MINUTE);
  const { job, version, slot } = only((await world.store.tick(250)).due);
  return { ...firingOf(job, slot), version };
}

contractAllWays('slots that nobody fires any more', (it) => {
  it('are counted when their job is paused', async ({ world }) => {
    const job = await world.cron({}, START);
    world.clock.set(START);
    await world.store.pauseJob(job.id);
    await world.store.pauseJob(job.id);
    const skipped = { first: START, last: START, count: 1, atLeast: true };
    expect(await world.runs(job.id)).toMatchObject([{ status: 'skipped', reason: 'misfire', skipped }]);
    expect(await world.job(job.id)).toMatchObject({ status: 'paused', lastSlot: START });
  });

  it('are counted when their schedule is edited, and not when something else is', async ({ world }) => {
    const job = await world.cron({}, START);
    world.clock.set(START);
    const { definition } = job;
    await world.store.updateJob({ job: job.id, ifVersion: null, definition, nextSlot: 'keep' });
    expect(await world.runs(job.id)).toEqual([]);
    await world.store.updateJob({ job: job.id, ifVersion: null, definition, nextSlot: START + MINUTE });
    expect(await world.runs(job.id)).toMatchObject([{ status: 'skipped', reason: 'misfire' }]);
  });

  it('are none when the next slot is to come', async ({ world }) => {
    const job = await world.cron({}, START + MINUTE);
    await world.store.pauseJob(job.id);
    expect(await world.runs(job.id)).toEqual([]);
  });
});
