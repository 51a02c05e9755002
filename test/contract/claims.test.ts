import { expect } from 'vitest';
import { runId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { contractAllWays } from './contract.ts';

contractAllWays('claim', (it) => {
  it('hands over what its worker has to know', async ({ world }) => {
    const definition = onceDefinition({ name: 'nightly', command: 'date', runAt: (await world.now()) - HOUR });
    const job = await world.create(newJob(definition));
    const result = await world.worker('web-1').claim();
    expect(result).toMatchObject({ now: await world.now(), more: false });
    expect(result.claimed).toEqual([
      {
        run: `${job.id}.1`,
        fence: 1,
        jobId: job.id,
        jobName: 'nightly',
        number: 1,
        attempt: 1,
        trigger: 'submit',
        scheduledFor: definition.runAt,
        version: 1,
        definition,
        cancelRequested: false,
      },
    ]);
    const run = await world.run(runId(job.id, 1));
    expect(run).toMatchObject({
      status: 'running',
      place: null,
      attempt: 1,
      worker: 'web-1',
      startedAt: await world.now(),
    });
  });

  it('takes the highest priority first, then the oldest', async ({ world }) => {
    const ids: Record<string, string> = {};
    for (const [name, priority] of [
      ['a', 0],
      ['b', 5],
      ['c', -5],
      ['d', 0],
      ['e', 5],
      ['f', -100],
      ['g', 100],
    ] as const) {
      ids[`${(await world.once({ priority })).id}.1`] = name;
      world.clock.advance(1);
    }
    const claimed = await world.worker().claimedIds();
    expect(claimed.map((run) => ids[run]).join('')).toBe('gbeadcf');
  });

  it('takes those of one batch in their order', async ({ world }) => {
    const jobs = Array.from({ length: 30 }, () => newJob(onceDefinition()));
    await world.store.createJobs(jobs, null);
    expect(await world.worker().claimedIds()).toEqual(jobs.map(({ id }) => `${id}.1`));
  });

  it('puts a run that had to wait for its time behind those that were claimable before', async ({ world }) => {
    const later = await world.once({ runAt: (await world.now()) + MINUTE });
    world.clock.advance(SECOND);
    const first = await world.once();
    world.clock.advance(HOUR);
    const last = await world.once();
    expect(await world.worker().claimedIds()).toEqual([first, later, last].map(({ id }) => `${id}.1`));
  });

  it('takes no more than its limit, and says when there is more', async ({ world }) => {
    for (let n = 0; n < 3; n++) await world.once();
    const worker = world.worker();
    expect(await worker.claim(2)).toMatchObject({ claimed: { length: 2 }, more: true });
    expect(await worker.claim(2)).toMatchObject({ claimed: { length: 1 }, more: false });
    expect(await worker.claim(2)).toMatchObject({ claimed: [], more: false });
  });

  it('takes 250 at a time', async ({ world }) => {
    const jobs = (): ReturnType<typeof newJob>[] => Array.from({ length: 250 }, () => newJob(onceDefinition()));
    await world.store.createJobs(jobs(), null);
    await world.store.createJobs(jobs(), null);
    expect(await world.worker().claim(250)).toMatchObject({ claimed: { length: 250 }, more: true });
  });

  it('takes from its queues only', async ({ world }) => {
    const [a, b] = [await world.once({ queue: 'a' }), await world.once({ queue: 'host:web-1' })];
    await world.once({ queue: 'c' });
    const worker = world.worker();
    expect(await worker.claimedIds(250, ['default'])).toEqual([]);
    expect((await worker.claimedIds(250, ['a', 'host:web-1', 'none'])).toSorted()).toEqual(
      [`${a.id}.1`, `${b.id}.1`].toSorted(),
    );
  });

  it('gives a run to one of two', async ({ world }) => {
    for (let n = 0; n < 10; n++) await world.once();
    const workers = [world.worker('w1'), world.worker('w2'), world.worker('w3')];
    const claims = await Promise.all(workers.map((worker) => worker.claimedIds(5)));
    expect(claims.flat()).toHaveLength(10);
    expect(new Set(claims.flat()).size).toBe(10);
  });

  it('answers a repeat as it did, and takes nothing more', async ({ world }) => {
    for (let n = 0; n < 4; n++) await world.once();
    const request = world.worker().request(2);
    const first = await world.store.claim(request);
    world.clock.advance(SECOND);
    const again = await world.store.claim(request);
    expect(again.claimed).toEqual(first.claimed);
    expect((await world.store.counts()).runs).toMatchObject({ pending: 2, running: 2 });
    for (const { run, fence } of first.claimed) expect(await world.attempts(run)).toMatchObject([{ fence }]);
  });

  it('answers a repeat in the same order, also when the clock has stepped back', async ({ world }) => {
    const delayed = await world.once({ runAt: (await world.now()) + SECOND });
    world.clock.advance(SECOND);
    await world.store.tick(250);
    // As old as that is since it became claimable, and made later.
    const { id } = await world.once();
    world.clock.advance(-1);
    const request = world.worker().request(2);
    const { claimed } = await world.store.claim(request);
    expect(claimed.map(({ jobId }) => jobId)).toEqual([delayed.id, id]);
    expect((await world.store.claim(request)).claimed).toEqual(claimed);
  });

  it('renews with a repeat the leases of what it answers: their worker learns of them only now', async ({ world }) => {
    await world.once({ lostAfterSeconds: 0 });
    const worker = world.worker();
    const request = worker.request();
    const [held] = (await world.store.claim(request)).claimed;
    if (held === undefined) throw new Error('claimed nothing');
    await world.pass(10 * SECOND);
    await world.store.claim(request);
    expect(await world.pass(14 * SECOND)).toEqual({ flagged: [], lost: [] });
    expect(await worker.finish(held)).toBe('ok');
  });

  it('renews with a repeat also what was out of contact', async ({ world }) => {
    await world.once();
    const request = world.worker().request();
    const [held] = (await world.store.claim(request)).claimed;
    if (held === undefined) throw new Error('claimed nothing');
    expect((await world.pass(20 * SECOND)).flagged).toEqual([held.run]);
    await world.store.claim(request);
    expect(await world.run(held.run)).toMatchObject({ status: 'running', contactLostAt: null });
  });

  it('says in a repeat what is to be cancelled', async ({ world }) => {
    await world.once();
    const request = world.worker().request();
    const [held] = (await world.store.claim(request)).claimed;
    if (held === undefined) throw new Error('claimed nothing');
    await world.store.cancel(held.run);
    expect((await world.store.claim(request)).claimed).toEqual([{ ...held, cancelRequested: true }]);
  });

  it('answers a repeat of an empty claim with nothing, though there is work now', async ({ world }) => {
    const worker = world.worker();
    const request = worker.request(2);
    expect((await world.store.claim(request)).claimed).toEqual([]);
    await world.once();
    expect((await world.store.claim(request)).claimed).toEqual([]);
    expect(await worker.claimedIds()).toHaveLength(1);
  });

  it('gives nothing to an older claim number', async ({ world }) => {
    const worker = world.worker();
    const old = worker.request(2);
    await world.once();
    await worker.claim();
    await world.once();
    expect((await world.store.claim(old)).claimed).toEqual([]);
    expect((await world.store.counts()).runs).toMatchObject({ pending: 1, running: 1 });
  });

  it('counts the numbers of each owner by themselves', async ({ world }) => {
    await world.once();
    await world.once();
    expect(await world.worker().claimedIds(1)).toHaveLength(1);
    expect(await world.worker().claimedIds(1)).toHaveLength(1);
  });

  it('raises the fence each time, and never gives one twice', async ({ world }) => {
    await world.once({ retries: 3 });
    const worker = world.worker();
    const fences: number[] = [];
    for (let n = 0; n < 3; n++) {
      const held = await worker.claimed();
      fences.push(held.fence);
      if (n === 1) await worker.release(held);
      else await worker.retry(held, await world.now());
    }
    expect(fences).toEqual(fences.toSorted((a, b) => a - b));
    expect(new Set(fences).size).toBe(3);
  });
});
