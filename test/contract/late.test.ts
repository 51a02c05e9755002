/** Runs that begin late or wait too long, slots that nobody fires, and what is counted for ever. */
import { expect } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { isLate } from '../../src/domain/late.ts';
import type { Spread, Totals } from '../../src/store/totals.ts';
import { contract } from './contract.ts';
import { EXIT_1, KILLED } from './test-worker.ts';
import { answer, type World } from './world.ts';

const LATE = { lateAfterSeconds: 30 };

contract('when a run is late', (it) => {
  it('so much after its slot, its time, or its creation', async ({ world }) => {
    const now = await world.now();
    const [cron, timed, once] = [
      await world.cron(LATE),
      await world.once({ ...LATE, runAt: now - MINUTE }),
      await world.once(LATE),
    ];
    expect(timed.lastRun?.lateAt).toBe(now - MINUTE + 30 * SECOND);
    expect(once.lastRun?.lateAt).toBe(now + 30 * SECOND);
    expect(await world.job(once.id)).toEqual(once);
    const byHand = answer(await world.trigger(cron.id), 'triggered').run;
    expect(byHand.lateAt).toBe(now + 30 * SECOND);
    await world.store.cancel(byHand.id);
    const fired = await world.fired(cron.id);
    expect(fired.lateAt).toBe(now + MINUTE + 30 * SECOND);
    expect((await world.job(cron.id)).lastRun).toMatchObject({ id: fired.id, lateAt: fired.lateAt });
  });

  it('never, of a job that does not say', async ({ world }) => {
    const job = await world.once();
    world.clock.advance(MINUTE);
    expect(job.lastRun?.lateAt).toBeNull();
    expect(await waitingLate(world)).toBe(0);
    await world.worker().claimed();
    expect(await world.store.totals()).toMatchObject({ late: 0 });
  });

  it('does not change when its job is edited', async ({ world }) => {
    const job = await world.once(LATE);
    const definition = { ...job.definition, lateAfterSeconds: 1 };
    await world.store.updateJob({ job: job.id, ifVersion: null, definition, nextSlot: 'keep' });
    expect((await world.job(job.id)).lastRun).toEqual(job.lastRun);
  });
});

contract('runs that wait late', (it) => {
  it('are counted while they do, and as late when they start', async ({ world }) => {
    await world.once(LATE);
    await world.once({ ...LATE, queue: 'elsewhere' });
    world.clock.advance(30 * SECOND);
    expect(await waitingLate(world)).toBe(0);
    world.clock.advance(1);
    expect(await waitingLate(world)).toBe(2);
    expect(await world.store.totals()).toMatchObject({ late: 0 });
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await waitingLate(world)).toBe(1);
    expect(await world.store.totals()).toMatchObject({ late: 1 });
    // Its retry is no second start.
    await worker.retry(held, await world.now());
    world.clock.advance(MINUTE);
    expect(await waitingLate(world)).toBe(1);
    await worker.claimed();
    await world.reopen();
    expect(await waitingLate(world)).toBe(1);
    expect(await world.store.totals()).toMatchObject({ late: 1 });
  });

  it('wait again when they were given back', async ({ world }) => {
    await world.once(LATE);
    const worker = world.worker();
    const held = await worker.claimed();
    world.clock.advance(MINUTE);
    expect(await waitingLate(world)).toBe(0);
    await worker.release(held);
    expect(await waitingLate(world)).toBe(1);
  });

  it('wait for their turn or their time as well, until they end', async ({ world }) => {
    const job = await world.cron({ ...LATE, overlap: 'queue' });
    const first = await world.fired(job.id);
    const second = answer(await world.trigger(job.id), 'triggered').run;
    const slot = (await world.job(job.id)).nextSlot ?? 0;
    const third = await world.fired(job.id, { runs: [{ slot, readyAt: slot + MINUTE }] });
    world.clock.advance(31 * SECOND);
    expect(await waitingLate(world)).toBe(3);
    for (const { id } of [third, second, first]) await world.store.cancel(id);
    expect(await waitingLate(world)).toBe(0);
    expect(await world.store.totals()).toMatchObject({ late: 0 });
  });

  it('are let go with their deleted job', async ({ world }) => {
    const job = await world.once(LATE);
    world.clock.advance(MINUTE);
    await world.store.deleteJob(job.id, false);
    expect(await waitingLate(world)).toBe(0);
  });
});

contract('a list of late runs', (it) => {
  it('has those that started late, and those that are late by now', async ({ world }) => {
    const worker = world.worker();
    await world.once(LATE);
    await worker.finish(await worker.claimed());
    const started = await world.once(LATE);
    const waiting = await world.once({ ...LATE, queue: 'elsewhere' });
    world.clock.advance(MINUTE);
    await worker.claimed();
    const inTime = await world.once(LATE);
    const late = await world.store.listRuns({ late: true }, 200, null);
    expect(late.rows.map(({ jobId }) => jobId)).toEqual([waiting.id, started.id]);
    const others = await world.store.listRuns({ late: false }, 200, null);
    expect(others.rows.map(({ jobId }) => jobId)).toContain(inTime.id);
    expect(others.rows.some((run) => late.rows.some(({ id }) => id === run.id))).toBe(false);
    const ofJob = await world.store.listRuns({ late: true, job: waiting.id }, 200, null);
    expect(ofJob.rows).toHaveLength(1);
    const now = await world.now();
    expect(late.rows.every((run) => isLate(run, now))).toBe(true);
  });
});

contract('overdue slots', (it) => {
  it('are those that nobody fired for more than 10 s', async ({ world }) => {
    const jobs = [await world.cron(), await world.cron(), await world.cron({}, null)];
    const [first, second] = jobs;
    if (first === undefined || second === undefined) throw new Error('two jobs');
    world.clock.advance(MINUTE + 10 * SECOND);
    expect(await overdue(world)).toBe(0);
    world.clock.advance(1);
    expect(await overdue(world)).toBe(2);
    await world.fire(first.id, { next: (await world.now()) + MINUTE });
    expect(await overdue(world)).toBe(1);
    await world.store.pauseJob(second.id);
    expect(await overdue(world)).toBe(0);
  });
});

contract('totals', (it) => {
  it('of nothing are zero', async ({ world }) => {
    const { ended, retried, late, contactLost, lateness, duration } = await world.store.totals();
    expect({ ended, retried, late, contactLost }).toEqual({ ended: [], retried: [], late: 0, contactLost: 0 });
    for (const spread of [lateness, duration]) expect([sizeOf(spread), spread.sum]).toEqual([0, 0]);
  });

  it('tell how runs ended, and which attempts were retried', async ({ world }) => {
    const worker = world.worker();
    for (const outcome of [{ status: 'succeeded' } as const, EXIT_1, EXIT_1, KILLED]) {
      await world.once();
      await worker.finish(await worker.claimed(), outcome);
    }
    await world.once();
    await worker.retry(await worker.claimed(), await world.now());
    const cancelled = await world.once({ queue: 'elsewhere' });
    await world.store.cancel(cancelled.lastRun?.id ?? ('' as never));
    const totals = await world.store.totals();
    expect(endings(totals)).toEqual(['cancelled:requested 2', 'failed:exit 2', 'succeeded 1']);
    expect(totals.retried).toEqual([{ reason: 'exit', count: 1 }]);
  });

  it('count a record of skipped slots once', async ({ world }) => {
    const job = await world.cron();
    await world.fired(job.id);
    for (let slots = 0; slots < 3; slots++) answer(await world.fire(job.id), 'fired');
    expect(endings(await world.store.totals())).toEqual(['skipped:overlap 1']);
  });

  it('count each attempt whose worker went out of contact, and its loss', async ({ world }) => {
    await world.once({ retries: 1, lostAfterSeconds: 5 });
    await world.worker().claimed();
    await world.pass(MINUTE);
    const totals = await world.store.totals();
    expect(totals).toMatchObject({ contactLost: 1, retried: [{ reason: 'lost', count: 1 }], ended: [] });
    expect(sizeOf(totals.duration)).toBe(0);
  });

  it('spread how late runs started after their slots, and how long attempts took', async ({ world }) => {
    const worker = world.worker();
    const job = await world.cron({ overlap: 'allow' });
    for (const late of [0, 40, 2_000, 2_000]) {
      await world.fired(job.id);
      world.clock.advance(late);
      await worker.finish(await worker.claimed(), undefined, { durationMs: 1_234.5 });
    }
    const { lateness, duration } = await world.store.totals();
    expect(filled(lateness)).toEqual({ 10: 1, 50: 1, 2_500: 2 });
    expect(lateness.sum).toBe(4_040);
    expect(filled(duration)).toEqual({ 5_000: 4 });
    expect(duration.sum).toBe(4 * 1_235);
  });

  it('have no bucket too few, and none below zero', async ({ world }) => {
    const worker = world.worker();
    const job = await world.cron();
    await world.fired(job.id);
    world.clock.advance(10 * 24 * 60 * MINUTE);
    const held = await worker.claimed();
    await worker.finish(held, EXIT_1, { durationMs: 10 * 24 * 60 * MINUTE });
    const { lateness, duration } = await world.store.totals();
    expect([lateness.beyond, duration.beyond]).toEqual([1, 1]);
  });
});

const waitingLate = async ({ store }: World): Promise<number> => (await store.counts()).waitingLate;
const overdue = async ({ store }: World): Promise<number> => (await store.counts()).overdue;

function endings({ ended }: Totals): string[] {
  return ended.map(({ status, reason, count }) => `${[status, reason ?? []].flat().join(':')} ${count}`).toSorted();
}

const sizeOf = ({ buckets, beyond }: Spread): number => buckets.reduce((sum, { count }) => sum + count, beyond);

/** Bounds of the buckets with something in them. */
function filled({ buckets }: Spread): Record<number, number> {
  return Object.fromEntries(buckets.filter(({ count }) => count > 0).map(({ upTo, count }) => [upTo, count]));
}
