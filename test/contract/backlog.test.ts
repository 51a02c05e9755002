/** A job with more open runs than one call deals with. */
import { expect } from 'vitest';
import { cronDefinition } from '../support/definitions.ts';
import { HOUR, SECOND } from '../../src/domain/instant.ts';
import type { Job } from '../../src/domain/job.ts';
import type { Run } from '../../src/domain/run.ts';
import { MOST_ITEMS } from '../../src/store/store.ts';
import { contract } from './contract.ts';
import { KILLED } from './test-worker.ts';
import { answer, only, type World } from './world.ts';

const BACKLOG = 620;
const STEPS = Math.ceil(BACKLOG / MOST_ITEMS);

/** A job, under `allow`, whose slots nobody worked on. */
async function piledUp(world: World): Promise<Job> {
  const job = await world.cron({ overlap: 'allow', name: 'busy' });
  for (let left = BACKLOG; left > 0; left -= 100) {
    const first = (await world.job(job.id)).nextSlot ?? 0;
    const slots = Array.from({ length: Math.min(left, 100) }, (_, n) => first + n * SECOND);
    world.clock.set(first + HOUR);
    await world.fire(job.id, { runs: slots.map((slot) => ({ slot, readyAt: slot })), next: first + HOUR });
  }
  return world.job(job.id);
}

async function byStatus(world: World, job: Job): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status, cancelRequested } of await world.runs(job.id)) {
    const key = cancelRequested && status === 'running' ? 'flagged' : status;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

contract('deleting a job with a backlog', (it) => {
  it('ends a part of it in each call, and all of it by ticks alone', async ({ world }) => {
    const job = await piledUp(world);
    expect(await world.store.deleteJob(job.id, false)).toEqual({ status: 'deleted' });
    expect(await byStatus(world, job)).toEqual({ cancelled: MOST_ITEMS, pending: BACKLOG - MOST_ITEMS });
    expect(await world.store.findJob('busy')).toEqual({ status: 'not_found' });
    const { nextAt, now } = await world.store.tick(MOST_ITEMS);
    expect(nextAt).toBe(now);
    expect(await byStatus(world, job)).toEqual({ cancelled: 2 * MOST_ITEMS, pending: BACKLOG - 2 * MOST_ITEMS });
    expect(await world.store.tick(MOST_ITEMS)).toMatchObject({ nextAt: null });
    expect(await byStatus(world, job)).toEqual({ cancelled: BACKLOG });
    expect(await world.runs(job.id)).toSatisfy((runs: Run[]) => runs.every(({ reason }) => reason === 'deleted'));
    expect((await world.store.counts()).runs).toMatchObject({ pending: 0, cancelled: BACKLOG });
  });

  it('goes on after a crash in between', async ({ world }) => {
    const job = await piledUp(world);
    await world.store.deleteJob(job.id, false);
    await world.reopen();
    for (let step = 1; step < STEPS; step++) await world.store.tick(MOST_ITEMS);
    expect(await byStatus(world, job)).toEqual({ cancelled: BACKLOG });
  });

  it('lets none of it be claimed meanwhile, and stands in the way of no other', async ({ world }) => {
    const job = await piledUp(world);
    await world.store.deleteJob(job.id, false);
    const other = await world.once();
    const worker = world.worker();
    const claimed: string[] = [];
    for (let call = 0; call <= STEPS; call++) claimed.push(...(await worker.claimedIds(MOST_ITEMS)));
    expect(claimed).toEqual([`${other.id}.1`]);
    expect(await byStatus(world, job)).toEqual({ cancelled: BACKLOG });
    expect(await world.store.tick(MOST_ITEMS)).toMatchObject({ flagged: [], lost: [] });
  });

  it('with force, flags what is running of it, and retries none of that', async ({ world }) => {
    const job = await piledUp(world);
    const worker = world.worker();
    const held = await worker.claim(MOST_ITEMS);
    expect(answer(await world.store.deleteJob(job.id, false), 'running').runs).toHaveLength(MOST_ITEMS);
    expect(await byStatus(world, job)).toEqual({ running: MOST_ITEMS, pending: BACKLOG - MOST_ITEMS });
    await world.store.deleteJob(job.id, true);
    for (let step = 1; step < STEPS; step++) await world.store.tick(MOST_ITEMS);
    expect(await byStatus(world, job)).toEqual({ flagged: MOST_ITEMS, cancelled: BACKLOG - MOST_ITEMS });
    for (const run of held.claimed) await worker.finish(run, KILLED, { retryAt: await world.now() });
    expect(await byStatus(world, job)).toEqual({ cancelled: BACKLOG });
  });

  it('ends several such jobs, one after the other', async ({ world }) => {
    const jobs = [await world.cron({ overlap: 'allow' }), await piledUp(world)];
    const [small, big] = jobs as [Job, Job];
    await world.fire(small.id);
    for (const { id } of [big, small]) await world.store.deleteJob(id, false);
    for (let step = 1; step < STEPS; step++) await world.store.tick(MOST_ITEMS);
    expect(await byStatus(world, small)).toEqual({ cancelled: 1 });
    expect(await byStatus(world, big)).toEqual({ cancelled: BACKLOG });
  });
});

contract('replacing a backlog', (it) => {
  /** As an edit leaves it: all were let in by the policy before. */
  async function toReplace(world: World): Promise<Job> {
    const { id } = await piledUp(world);
    const definition = cronDefinition({ overlap: 'replace', name: 'busy' });
    return answer(await world.store.updateJob({ job: id, ifVersion: null, definition, nextSlot: 'keep' }), 'updated')
      .job;
  }

  it('takes several calls of `fire`, of which only the last makes the run', async ({ world }) => {
    const job = await toReplace(world);
    const { nextSlot } = job;
    const skipped = { first: 1, last: 2, count: 2, atLeast: false };
    for (let step = 1; step < STEPS; step++) {
      expect(await world.fire(job.id, { skipped })).toEqual({ status: 'more' });
      expect(await byStatus(world, job)).toEqual({
        skipped: step * MOST_ITEMS,
        pending: BACKLOG - step * MOST_ITEMS,
      });
      expect(await world.job(job.id)).toMatchObject({ nextSlot });
      expect((await world.store.tick(MOST_ITEMS)).due).toMatchObject([{ job: job.id, slot: nextSlot }]);
    }
    const fired = answer(await world.fire(job.id, { skipped }), 'fired');
    expect(fired.skipped).toBe(2);
    expect(await world.run(only(fired.runs))).toMatchObject({ status: 'pending', place: 'queue' });
    expect(await byStatus(world, job)).toEqual({ skipped: BACKLOG + 1, pending: 1 });
  });

  it('takes several calls of `trigger`, which make one run', async ({ world }) => {
    const job = await toReplace(world);
    const request = 'by-hand';
    for (let step = 1; step < STEPS; step++) {
      expect(await world.trigger(job.id, { request })).toEqual({ status: 'more' });
    }
    const { run } = answer(await world.trigger(job.id, { request }), 'triggered');
    expect(await world.trigger(job.id, { request })).toMatchObject({ status: 'existing', run: { id: run.id } });
    expect(await byStatus(world, job)).toEqual({ skipped: BACKLOG, pending: 1 });
  });

  it('comes to an end though more are running than one call flags', async ({ world }) => {
    const job = await toReplace(world);
    const workers = [world.worker(), world.worker(), world.worker()];
    for (const worker of workers) await worker.claim(MOST_ITEMS);
    for (let step = 1; step < STEPS; step++) expect(await world.fire(job.id)).toEqual({ status: 'more' });
    const run = await world.fired(job.id);
    expect(run).toMatchObject({ status: 'pending', place: 'turn' });
    expect(await byStatus(world, job)).toEqual({ flagged: BACKLOG, pending: 1 });
    await Promise.all(workers.map(({ owner }) => world.store.abandon(owner)));
    expect(await world.run(run.id)).toMatchObject({ place: 'queue' });
  });
});

contract('the live runs of a backlog', (it) => {
  it('come in pages, newest first', async ({ world }) => {
    const job = await piledUp(world);
    const numbers: number[] = [];
    for (let page = await world.store.liveRuns(job.id); page.length > 0;) {
      expect(page.length).toBeLessThanOrEqual(MOST_ITEMS);
      numbers.push(...page.map(({ number }) => number));
      page = await world.store.liveRuns(job.id, numbers.at(-1));
    }
    expect(numbers).toEqual(Array.from({ length: BACKLOG }, (_, n) => BACKLOG - n));
  });
});
