import { expect } from 'vitest';
import { runId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { cronDefinition } from '../support/definitions.ts';
import { hintsOf, within } from '../support/wait.ts';
import type { Job } from '../../src/domain/job.ts';
import { MOST_ITEMS } from '../../src/store/store.ts';
import { contractAllWays } from './contract.ts';
import { EXIT_1 } from './test-worker.ts';

/** Below the 5 s after which every wait ends by itself: to be woken by the work, not by that. */
const SOON = 4_500;

contractAllWays('hints', (it) => {
  it('tell of work when a run becomes claimable', async ({ world }) => {
    const work = { kind: 'work', queue: 'q' };
    const cron = await world.cron({ queue: 'q', overlap: 'queue' });
    expect(await hintsOf(world.store, () => world.fire(cron.id))).toContainEqual(work);
    expect(await hintsOf(world.store, () => world.once({ queue: 'q' }))).toContainEqual(work);
    const worker = world.worker();
    const [held] = (await worker.claim(1, ['q'])).claimed;
    if (held === undefined) throw new Error('claimed nothing');
    expect(await hintsOf(world.store, () => worker.release(held))).toContainEqual(work);
    const [again] = (await worker.claim(1, ['q'])).claimed;
    if (again === undefined) throw new Error('claimed nothing');
    const now = await world.now();
    expect(await hintsOf(world.store, () => worker.finish(again, EXIT_1, { retryAt: now }))).toContainEqual(work);
    const forced = () => world.trigger(cron.id, { force: true });
    expect(await hintsOf(world.store, forced)).toContainEqual(work);
  });

  it('tell of work when a turn comes', async ({ world }) => {
    const job = await world.cron({ queue: 'q', overlap: 'queue' });
    await world.fire(job.id);
    const worker = world.worker();
    const held = await worker.claimed(['q']);
    await world.fire(job.id);
    expect(await hintsOf(world.store, () => worker.finish(held))).toContainEqual({ kind: 'work', queue: 'q' });
  });

  it('tell of work when a delayed run is promoted', async ({ world }) => {
    await world.once({ queue: 'q', runAt: (await world.now()) + HOUR });
    world.clock.advance(HOUR);
    expect(await hintsOf(world.store, () => world.store.tick(250))).toContainEqual({ kind: 'work', queue: 'q' });
  });

  it('tell of schedules when a backlog is deleted, of which ticks end the rest', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow' });
    for (let run = 0; run <= MOST_ITEMS; run++) await world.trigger(job.id);
    const deleted = () => world.store.deleteJob(job.id, false);
    expect(await hintsOf(world.store, deleted)).toContainEqual({ kind: 'schedule' });
  });

  it('tell of schedules when what tick returns may come earlier', async ({ world }) => {
    const hint = { kind: 'schedule' };
    expect(await hintsOf(world.store, () => world.cron())).toContainEqual(hint);
    const job = await world.cron({}, (await world.now()) + HOUR);
    const definition = cronDefinition();
    const nextSlot = (await world.now()) + MINUTE;
    const edit = { job: job.id, ifVersion: null, definition, nextSlot };
    expect(await hintsOf(world.store, () => world.store.updateJob(edit))).toContainEqual(hint);
    await world.store.pauseJob(job.id);
    expect(await hintsOf(world.store, () => world.store.resumeJob(job.id, nextSlot))).toContainEqual(hint);
    const later = () => world.once({ runAt: nextSlot });
    expect(await hintsOf(world.store, later)).toContainEqual(hint);
    await world.once({ queue: 'q' });
    const worker = world.worker();
    const held = await worker.claimed(['q']);
    expect(await hintsOf(world.store, () => worker.retry(held, nextSlot))).toContainEqual(hint);
  });

  it('tell of a run that is to be ended', async ({ world }) => {
    const job = await world.cron({ overlap: 'replace' });
    await world.fire(job.id);
    const { run } = await world.worker().claimed();
    const hint = { kind: 'cancel', run };
    expect(await hintsOf(world.store, () => world.fire(job.id))).toContainEqual(hint);
    const ways: ((job: Job) => Promise<unknown>)[] = [
      ({ id }) => world.store.cancel(runId(id, 1)),
      ({ id }) => world.store.deleteJob(id, true),
    ];
    for (const end of ways) {
      const once = await world.once({ queue: 'q' });
      const other = await world.worker().claimed(['q']);
      expect(await hintsOf(world.store, () => end(once))).toContainEqual({ kind: 'cancel', run: other.run });
    }
  });

  it('tell of every change', async ({ world }) => {
    const hint = { kind: 'change' };
    const job = await world.once({ retries: 1 });
    const worker = world.worker();
    expect(await hintsOf(world.store, () => worker.claim())).toContainEqual(hint);
    expect(await hintsOf(world.store, () => world.store.cancel(runId(job.id, 1)))).toContainEqual(hint);
    expect(await hintsOf(world.store, () => world.store.deleteJob(job.id, true))).toContainEqual(hint);
  });

  it('end with the subscription', async ({ world }) => {
    let heard = 0;
    const end = world.store.subscribe(() => void heard++);
    await world.once();
    expect(heard).toBeGreaterThan(0);
    end();
    end();
    const before = heard;
    await world.once();
    expect(heard).toBe(before);
  });

  it('go to every listener', async ({ world }) => {
    const heard = [0, 0];
    const ends = heard.map((_, index) => world.store.subscribe(() => void (heard[index] = 1)));
    await world.once();
    for (const end of ends) end();
    expect(heard).toEqual([1, 1]);
  });
});

contractAllWays('waiting for work', (it) => {
  it('ends when work comes to one of the queues', async ({ world }) => {
    const waiting = world.store.waitForWork(['a', 'b'], new AbortController().signal);
    await world.once({ queue: 'b' });
    await within(SOON, waiting, () => 'nobody was woken');
  });

  it('ends at once when there is work already', async ({ world }) => {
    await world.once({ queue: 'b' });
    await within(SOON, world.store.waitForWork(['a', 'b'], new AbortController().signal), () => 'nobody was woken');
  });

  it('goes on while work comes to other queues, and ends when it is aborted', async ({ world }) => {
    const abort = new AbortController();
    let ended = false;
    const waiting = world.store.waitForWork(['a'], abort.signal).then(() => (ended = true));
    await world.once({ queue: 'b' });
    await world.store.now();
    expect(ended).toBe(false);
    abort.abort();
    await within(SOON, waiting, () => 'the abort did not end it');
  });

  it('ends at once when it is aborted already', async ({ world }) => {
    await within(SOON, world.store.waitForWork(['a'], AbortSignal.abort()), () => 'the abort did not end it');
  });

  it('ends when the store is closed', async ({ world }) => {
    const waiting = world.store.waitForWork(['a'], new AbortController().signal).catch(() => undefined);
    await world.store.close();
    await within(SOON, waiting, () => 'closing did not end it');
  });

  it('wakes all that wait', async ({ world }) => {
    const signal = new AbortController().signal;
    const waiting = [world.store.waitForWork(['a'], signal), world.store.waitForWork(['a', 'b'], signal)];
    await world.once({ queue: 'a' });
    await world.once({ queue: 'a' });
    await within(SOON, Promise.all(waiting), () => 'somebody was not woken');
  });
});

contractAllWays('closing', (it) => {
  it('can be repeated, and refuses calls afterwards', async ({ world }) => {
    await world.store.close();
    await world.store.close();
    await expect(world.store.counts()).rejects.toThrow();
    await expect(world.store.tick(1)).rejects.toThrow();
  });

  it('ends what is under way', async ({ world }) => {
    const made = world.once({ name: 'under-way' });
    await world.store.close();
    const { id } = await made;
    await world.reopen();
    expect(await world.store.findJob('under-way')).toMatchObject({ status: 'found', job: { id } });
  });

  it('keeps all that was answered, and opens it again', async ({ world }) => {
    const cron = await world.cron({ name: 'cron', overlap: 'queue' });
    await world.fire(cron.id);
    await world.fire(cron.id);
    const worker = world.worker();
    await worker.heartbeat();
    await worker.finish(await worker.claimed(), EXIT_1);
    const later = await world.once({ runAt: (await world.now()) + HOUR, tags: ['x'] });
    const look = async () => ({
      jobs: await world.store.listJobs({}, 200, null),
      runs: await world.store.listRuns({}, 200, null),
      counts: await world.store.counts(),
      workers: await world.store.workers(),
      attempts: await world.attempts(runId(cron.id, 1)),
      tick: await world.store.tick(250),
    });
    const before = await look();
    await world.reopen();
    expect(await look()).toEqual(before);
    world.clock.advance(2 * HOUR + SECOND);
    expect((await worker.claimedIds()).toSorted()).toEqual([runId(cron.id, 2), runId(later.id, 1)].toSorted());
  });
});
