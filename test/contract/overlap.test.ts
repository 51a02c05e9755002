import { describe, expect, type TestAPI } from 'vitest';
import type { RunId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Job } from '../../src/domain/job.ts';
import { MOST_WAITING, type Overlap } from '../../src/domain/overlap.ts';
import type { ClaimedRun } from '../../src/store/leases.ts';
import { contract } from './contract.ts';
import { EXIT_1, KILLED, SUCCEEDED, type TestWorker } from './test-worker.ts';
import { answer, only, type World } from './world.ts';

/** What a live run may be doing when the next slot comes. */
const LIVE = ['queued', 'delayed', 'running', 'waiting for its retry'] as const;

interface Scene {
  readonly job: Job;
  readonly live: RunId;
  readonly worker: TestWorker;
  readonly held: ClaimedRun | null;
}

/** A cron job with one live run that does that. */
async function scene(world: World, overlap: Overlap, doing: (typeof LIVE)[number]): Promise<Scene> {
  const job = await world.cron({ overlap, retries: 3 });
  const slot = job.nextSlot ?? 0;
  const readyAt = doing === 'delayed' ? slot + HOUR : slot;
  const { id: live } = await world.fired(job.id, { runs: [{ slot, readyAt }] });
  const worker = world.worker();
  const claims = doing === 'running' || doing === 'waiting for its retry';
  const held = claims ? await worker.claimed() : null;
  if (held !== null && doing !== 'running') await worker.retry(held, (await world.now()) + HOUR);
  return { job, live, worker, held };
}

contract('overlap skip', (it) => {
  it.for(LIVE)('skips a slot while a run is %s', async (doing, { world }) => {
    const { job, live } = await scene(world, 'skip', doing);
    const before = await world.run(live);
    expect(await world.fire(job.id)).toEqual({ status: 'fired', runs: [], skipped: 1 });
    expect(await world.run(live)).toEqual(before);
    const slot = await world.now();
    const record = (await world.runs(job.id))[1];
    expect(record).toMatchObject({
      status: 'skipped',
      reason: 'overlap',
      skipped: { first: slot, last: slot, count: 1 },
    });
    expect(await world.job(job.id)).toMatchObject({ lastSlot: slot });
  });

  it('extends one record for slots in a row, and begins another after a run', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'skip', 'running');
    for (let slot = 0; slot < 3; slot++) await world.fire(job.id);
    await worker.finish(held as ClaimedRun);
    await world.fire(job.id);
    await world.fire(job.id);
    const told = (await world.runs(job.id)).map(({ status, skipped }) => [status, skipped?.count ?? null]);
    expect(told).toEqual([
      ['succeeded', null],
      ['skipped', 3],
      ['pending', null],
      ['skipped', 1],
    ]);
  });

  it('skips all but the first of several slots at once', async ({ world }) => {
    const job = await world.cron({ overlap: 'skip' });
    const first = job.nextSlot ?? 0;
    world.clock.set(first + 2 * MINUTE);
    const slots = [0, 1, 2].map((n) => first + n * MINUTE);
    const result = await world.fire(job.id, {
      runs: slots.map((slot) => ({ slot, readyAt: slot })),
      next: first + HOUR,
    });
    expect(result).toEqual({ status: 'fired', runs: [`${job.id}.1`], skipped: 2 });
    expect((await world.runs(job.id))[1]?.skipped).toEqual({
      first: slots[1],
      last: slots[2],
      count: 2,
      atLeast: false,
    });
    expect(await world.job(job.id)).toMatchObject({ lastSlot: slots[2] });
  });

  it.for(LIVE)('answers a trigger with the run that is %s', async (doing, { world }) => {
    const { job, live } = await scene(world, 'skip', doing);
    expect(await world.trigger(job.id)).toEqual({ status: 'overlap', live });
    expect(await world.runs(job.id)).toHaveLength(1);
    expect(await world.trigger(job.id, { force: true })).toMatchObject({
      status: 'triggered',
      run: { place: 'queue' },
    });
    expect((await world.store.liveRuns(job.id)).map(({ number }) => number)).toEqual([2, 1]);
  });
});

contract('overlap queue', (it) => {
  it.for(LIVE)('lets a slot wait its turn while a run is %s', async (doing, { world }) => {
    const { job, live } = await scene(world, 'queue', doing);
    const before = await world.run(live);
    const next = await world.fired(job.id);
    expect(next).toMatchObject({ status: 'pending', place: 'turn' });
    expect(await world.run(live)).toEqual(before);
    expect((await world.store.liveRuns(job.id)).map(({ id }) => id)).toEqual([live]);
    expect(await world.worker().claimedIds()).toEqual(doing === 'queued' ? [live] : []);
  });

  endings(it, async (world, end) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const waiting = [await world.fired(job.id), await world.fired(job.id)];
    await end(world, worker, held as ClaimedRun);
    expect(await Promise.all(waiting.map(async ({ id }) => (await world.run(id)).place))).toEqual(['queue', 'turn']);
    expect(await world.worker().claimedIds()).toEqual([waiting[0]?.id]);
  });

  it.for(['queued', 'delayed', 'waiting for its retry'] as const)(
    'admits the oldest when a run that is %s is cancelled',
    async (doing, { world }) => {
      const { job, live } = await scene(world, 'queue', doing);
      const waiting = await world.fired(job.id);
      expect(await world.store.cancel(live)).toEqual({ status: 'cancelled' });
      expect(await world.run(waiting.id)).toMatchObject({ place: 'queue' });
      expect(await world.worker().claimedIds()).toEqual([waiting.id]);
    },
  );

  it('admits nobody while the run is to be retried or was released', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const waiting = await world.fired(job.id);
    await worker.retry(held as ClaimedRun, await world.now());
    expect(await world.run(waiting.id)).toMatchObject({ place: 'turn' });
    const again = await worker.claimed();
    await worker.release(again);
    expect(await world.run(waiting.id)).toMatchObject({ place: 'turn' });
    expect(await worker.claimedIds()).toEqual([again.run]);
  });

  it('admits in order, one after the other', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const waiting: RunId[] = [];
    for (let n = 0; n < 3; n++) waiting.push((await world.fired(job.id)).id);
    await worker.finish(held as ClaimedRun);
    const order: RunId[] = [];
    for (let n = 0; n < 3; n++) {
      const next = await worker.claimed();
      order.push(next.run);
      await worker.finish(next, n === 1 ? EXIT_1 : SUCCEEDED);
    }
    expect(order).toEqual(waiting);
  });

  it('takes a cancelled one out of the line', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const [second, third] = [await world.fired(job.id), await world.fired(job.id)];
    expect(await world.store.cancel(second.id)).toEqual({ status: 'cancelled' });
    expect(await world.run(third.id)).toMatchObject({ place: 'turn' });
    await worker.finish(held as ClaimedRun);
    expect(await world.run(third.id)).toMatchObject({ place: 'queue' });
  });

  it('holds back by its jitter one whose turn has come', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const slot = (await world.job(job.id)).nextSlot ?? 0;
    const waiting = await world.fired(job.id, { runs: [{ slot, readyAt: slot + HOUR }] });
    await worker.finish(held as ClaimedRun);
    expect(await world.run(waiting.id)).toMatchObject({ place: 'delay', readyAt: slot + HOUR });
    world.clock.set(slot + HOUR);
    expect(await worker.claimedIds()).toEqual([waiting.id]);
  });

  it(`lets ${MOST_WAITING} wait and skips more`, async ({ world }) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const first = (await world.job(job.id)).nextSlot ?? 0;
    const slots = Array.from({ length: MOST_WAITING }, (_, n) => first + n * SECOND);
    world.clock.set(first + HOUR);
    await world.fire(job.id, { runs: slots.map((slot) => ({ slot, readyAt: slot })), next: first + HOUR });
    expect((await world.runs(job.id)).filter(({ place }) => place === 'turn')).toHaveLength(MOST_WAITING);
    expect(await world.trigger(job.id)).toEqual({ status: 'overlap', live: held?.run });
    expect(await world.fire(job.id)).toEqual({ status: 'fired', runs: [], skipped: 1 });
    expect((await world.runs(job.id)).at(-1)).toMatchObject({
      status: 'skipped',
      reason: 'overlap_full',
      skipped: { count: 1 },
    });
    await worker.finish(held as ClaimedRun);
    expect(await world.trigger(job.id)).toMatchObject({ status: 'triggered', run: { place: 'turn' } });
  });

  it('lets one by hand wait its turn, unless it is forced', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'queue', 'running');
    const byHand = answer(await world.trigger(job.id), 'triggered').run;
    expect(byHand).toMatchObject({ place: 'turn', trigger: 'manual' });
    const forced = answer(await world.trigger(job.id, { force: true }), 'triggered').run;
    expect(forced).toMatchObject({ place: 'queue' });
    await worker.finish(held as ClaimedRun);
    expect(await world.run(byHand.id)).toMatchObject({ place: 'turn' });
    await worker.finish(await worker.claimed());
    expect(await world.run(byHand.id)).toMatchObject({ place: 'queue' });
  });
});

contract('overlap replace', (it) => {
  it.for(['queued', 'delayed'] as const)(
    'skips a run that is %s, and takes its place at once',
    async (doing, { world }) => {
      const { job, live } = await scene(world, 'replace', doing);
      const next = await world.fired(job.id);
      expect(await world.run(live)).toMatchObject({
        status: 'skipped',
        reason: 'replaced',
        skipped: null,
        finishedAt: await world.now(),
      });
      expect(next).toMatchObject({ status: 'pending', place: 'queue' });
      expect(await world.worker().claimedIds()).toEqual([next.id]);
    },
  );

  it('cancels a run that waits for its retry, and takes its place at once', async ({ world }) => {
    const { job, live } = await scene(world, 'replace', 'waiting for its retry');
    const next = await world.fired(job.id);
    expect(await world.run(live)).toMatchObject({ status: 'cancelled', reason: 'replaced' });
    expect(next).toMatchObject({ status: 'pending', place: 'queue' });
  });

  it('flags a run that is running, and waits for its end', async ({ world }) => {
    const { job, live, worker, held } = await scene(world, 'replace', 'running');
    const next = await world.fired(job.id);
    expect(next).toMatchObject({ status: 'pending', place: 'turn' });
    expect(await world.run(live)).toMatchObject({ status: 'running', cancelRequested: true });
    expect(await worker.renew(held as ClaimedRun)).toBe('cancel');
    await worker.finish(held as ClaimedRun, KILLED);
    expect(await world.run(live)).toMatchObject({ status: 'cancelled', reason: 'replaced' });
    expect(await world.worker().claimedIds()).toEqual([next.id]);
  });

  endings(it, async (world, end) => {
    const { job, worker, held } = await scene(world, 'replace', 'running');
    const next = await world.fired(job.id);
    await end(world, worker, held as ClaimedRun);
    expect(await world.worker().claimedIds()).toEqual([next.id]);
  });

  it('replaces one that waits its turn as well', async ({ world }) => {
    const { job, worker, held } = await scene(world, 'replace', 'running');
    const second = await world.fired(job.id);
    const third = await world.fired(job.id);
    expect(await world.run(second.id)).toMatchObject({ status: 'skipped', reason: 'replaced' });
    expect(await world.run(third.id)).toMatchObject({ place: 'turn' });
    await worker.finish(held as ClaimedRun, KILLED);
    expect(await world.worker().claimedIds()).toEqual([third.id]);
  });

  it('replaces by hand as by schedule', async ({ world }) => {
    const { job, live } = await scene(world, 'replace', 'running');
    expect(await world.trigger(job.id)).toMatchObject({ status: 'triggered', run: { place: 'turn' } });
    expect(await world.run(live)).toMatchObject({ cancelRequested: true });
  });
});

contract('overlap allow', (it) => {
  it.for(LIVE)('runs a slot though a run is %s', async (doing, { world }) => {
    const { job, live } = await scene(world, 'allow', doing);
    const next = await world.fired(job.id);
    expect(next).toMatchObject({ status: 'pending', place: 'queue' });
    expect((await world.store.liveRuns(job.id)).map(({ id }) => id)).toEqual([next.id, live]);
    expect(
      only(
        await world
          .worker()
          .claimedIds(250)
          .then((ids) => ids.filter((id) => id === next.id)),
      ),
    ).toBe(next.id);
  });
});

/** Every way in which a running run comes to an end. */
function endings(
  it: TestAPI<{ world: World }>,
  proof: (world: World, end: (world: World, worker: TestWorker, held: ClaimedRun) => Promise<unknown>) => Promise<void>,
): void {
  describe('has its turn', () => {
    it('when the run succeeds', ({ world }) => proof(world, (_, worker, held) => worker.finish(held)));
    it('when it fails', ({ world }) => proof(world, (_, worker, held) => worker.finish(held, EXIT_1)));
    it('when it is cancelled', ({ world }) =>
      proof(world, async (_, worker, held) => {
        await world.store.cancel(held.run);
        await worker.finish(held, KILLED);
      }));
    it('when it is released after it was flagged', ({ world }) =>
      proof(world, async (_, worker, held) => {
        await world.store.cancel(held.run);
        await worker.release(held);
      }));
    it('when its worker is lost after it was flagged', ({ world }) =>
      proof(world, async (_, __, held) => {
        await world.store.cancel(held.run);
        await world.store.tick(250);
        await world.pass(100 * SECOND);
      }));
    it('when its worker is given up after it was flagged', ({ world }) =>
      proof(world, async (_, worker, held) => {
        await world.store.cancel(held.run);
        await world.store.abandon(worker.owner);
      }));
  });
}
