import { expect } from 'vitest';
import { runId, type RunId } from '../../src/domain/id.ts';
import { HOUR } from '../../src/domain/instant.ts';
import type { QueueCounts } from '../../src/store/queues.ts';
import type { Store } from '../../src/store/store.ts';
import { hintsOf, within } from '../support/wait.ts';
import { contract } from './contract.ts';
import { EXIT_1, SUCCEEDED, ended, type TestWorker } from './test-worker.ts';
import type { World } from './world.ts';

/** Below the 5 s after which every wait ends by itself: to be woken by the work, not by that. */
const SOON = 4_500;
const WORK = { kind: 'work', queue: 'q' } as const;

/** So many runs that wait in `q`, the first one first. */
async function submit(world: World, count: number, queue = 'q'): Promise<RunId[]> {
  const ids: RunId[] = [];
  for (let n = 0; n < count; n++) ids.push(runId((await world.once({ queue })).id, 1));
  return ids;
}

async function settingOf(store: Store, queue = 'q'): Promise<Partial<QueueCounts> | undefined> {
  return (await store.queues()).find(({ name }) => name === queue);
}

/** An idle worker's wait, after a claim that found nothing: whether it has ended, and its end. */
function idle(store: Store, queues = ['q']): { ended: boolean; readonly end: Promise<void>; stop(): Promise<void> } {
  const abort = new AbortController();
  const end = store.waitForWork(queues, abort.signal).then(() => void (wait.ended = true));
  const stop = async (): Promise<void> => {
    abort.abort();
    await end;
  };
  const wait = { ended: false, end, stop };
  return wait;
}

/** Claims one after another, as a worker with a free slot does, until nothing comes. */
async function drain(worker: TestWorker, queues = ['q']): Promise<number> {
  let count = 0;
  for (;;) {
    const { claimed } = await worker.claim(1, queues);
    if (claimed.length === 0) return count;
    count += claimed.length;
  }
}

contract('a paused queue', (it) => {
  it('gives nothing, and lets nobody ask without a pause', async ({ world }) => {
    await submit(world, 2);
    await world.store.setQueue('q', { paused: true });
    expect(await settingOf(world.store)).toEqual({ name: 'q', queued: 2, running: 0, paused: true, maxRunning: null });
    expect(await world.worker().claim(5, ['q'])).toMatchObject({ claimed: [], more: false });
    const wait = idle(world.store);
    await submit(world, 1, 'other');
    await world.store.queues();
    expect(wait.ended).toBe(false);
    await wait.stop();
  });

  it('wakes whoever waits when it is resumed', async ({ world }) => {
    const [first] = await submit(world, 1);
    await world.store.setQueue('q', { paused: true });
    const worker = world.worker();
    expect(await worker.claimedIds(5, ['q'])).toEqual([]);
    const wait = idle(world.store);
    const resume = () => world.store.setQueue('q', { paused: false });
    expect(await hintsOf(world.store, resume)).toContainEqual(WORK);
    await within(SOON, wait.end, () => 'nobody was woken');
    expect(await worker.claimedIds(5, ['q'])).toEqual([first]);
  });

  it('wakes nobody when it is resumed and empty', async ({ world }) => {
    await world.store.setQueue('q', { paused: true });
    const resume = () => world.store.setQueue('q', { paused: false });
    expect(await hintsOf(world.store, resume)).not.toContainEqual(WORK);
  });

  it('keeps no other queue from going on', async ({ world }) => {
    await submit(world, 2);
    const others = await submit(world, 2, 'other');
    await world.store.setQueue('q', { paused: true });
    expect(await world.worker().claim(1, ['q', 'other'])).toMatchObject({ claimed: [{ run: others[0] }], more: true });
    expect(await world.worker().claim(5, ['q', 'other'])).toMatchObject({ claimed: [{ run: others[1] }], more: false });
  });

  it('lets what runs go on, and takes what comes', async ({ world }) => {
    const [first] = await submit(world, 1);
    const worker = world.worker();
    const held = await worker.claimed(['q']);
    expect(held.run).toBe(first);
    await world.store.setQueue('q', { paused: true });
    expect(await worker.renew(held)).toBe('ok');
    await worker.retry(held, await world.now());
    await world.once({ queue: 'q', runAt: (await world.now()) + HOUR });
    world.clock.advance(HOUR);
    await world.store.tick(250);
    expect(await settingOf(world.store)).toMatchObject({ queued: 2, running: 0 });
    expect(await worker.claimedIds(5, ['q'])).toEqual([]);
  });

  it('gives its worker the same again when a claim is repeated', async ({ world }) => {
    await submit(world, 2);
    const request = world.worker().request(1, ['q']);
    const { claimed } = await world.store.claim(request);
    await world.store.setQueue('q', { paused: true });
    expect(await world.store.claim(request)).toMatchObject({ claimed, more: false });
  });
});

contract('what is set of a queue', (it) => {
  it('is told to whoever watches what changes', async ({ world }) => {
    const { next: since } = await world.store.changes(null);
    const set = async (): Promise<void> => {
      await world.store.setQueue('q', { paused: true });
      await world.store.setQueue('host:q', { maxRunning: 3 });
      await world.store.setQueue('q', { paused: false });
    };
    expect(await hintsOf(world.store, set)).toContainEqual({ kind: 'change' });
    const { changes } = await world.store.changes(since);
    const q = { kind: 'queue', ref: 'q' };
    expect(changes).toMatchObject([q, { kind: 'queue', ref: 'host:q' }, q]);
  });
});

contract('a limited queue', (it) => {
  it('runs so many at once on all workers together', async ({ world }) => {
    await submit(world, 5);
    await world.store.setQueue('q', { maxRunning: 3 });
    const [one, other] = [world.worker('a'), world.worker('b')];
    const { claimed } = await one.claim(2, ['q']);
    expect(claimed).toHaveLength(2);
    expect(await other.claim(2, ['q'])).toMatchObject({ claimed: [{}], more: false });
    expect(await drain(one)).toBe(0);
    const waits = [idle(world.store), idle(world.store)];
    await world.store.queues();
    expect(waits.map((wait) => wait.ended)).toEqual([false, false]);
    await Promise.all(waits.map((wait) => wait.stop()));
    expect(await settingOf(world.store)).toMatchObject({ queued: 2, running: 3, paused: false, maxRunning: 3 });
  });

  it('says that more can be claimed only where it can', async ({ world }) => {
    await submit(world, 5);
    await world.store.setQueue('q', { maxRunning: 2 });
    expect(await world.worker().claim(1, ['q'])).toMatchObject({ claimed: [{}], more: true });
    expect(await world.worker().claim(1, ['q'])).toMatchObject({ claimed: [{}], more: false });
  });

  it('wakes whoever waits when one of its runs ends', async ({ world }) => {
    const ids = await submit(world, 3);
    await world.store.setQueue('q', { maxRunning: 1 });
    const [one, other] = [world.worker('a'), world.worker('b')];
    const ways: ((held: Awaited<ReturnType<TestWorker['claimed']>>) => Promise<unknown>)[] = [
      (held) => one.finish(held),
      (held) => one.finish(held, EXIT_1),
    ];
    for (const [n, end] of ways.entries()) {
      const held = await one.claimed(['q']);
      expect(held.run).toBe(ids[n]);
      expect(await other.claimedIds(5, ['q'])).toEqual([]);
      const wait = idle(world.store);
      expect(await hintsOf(world.store, () => end(held))).toContainEqual(WORK);
      await within(SOON, wait.end, () => 'nobody was woken');
    }
    expect(await other.claimedIds(5, ['q'])).toEqual([ids[2]]);
  });

  it('wakes whoever waits when a run is retried later, given back, or its worker abandoned', async ({ world }) => {
    await submit(world, 4);
    await world.store.setQueue('q', { maxRunning: 1 });
    const later = (await world.now()) + HOUR;
    const worker = world.worker();
    const ways: ((held: Awaited<ReturnType<TestWorker['claimed']>>) => Promise<unknown>)[] = [
      (held) => worker.retry(held, later),
      (held) => worker.release(held),
      () => world.store.abandon(worker.owner),
    ];
    for (const end of ways) {
      const held = await worker.claimed(['q']);
      expect(await hintsOf(world.store, () => end(held))).toContainEqual(WORK);
    }
  });

  it('goes on in the call that ends one and claims the next', async ({ world }) => {
    const ids = await submit(world, 4);
    await world.store.setQueue('q', { maxRunning: 2 });
    const worker = world.worker();
    const { claimed } = await worker.claim(5, ['q']);
    expect(claimed).toHaveLength(2);
    const ends = claimed.map((held) => ended(held, SUCCEEDED));
    const { claim } = await world.store.finish(worker.owner, ends, worker.request(5, ['q']));
    expect(claim?.claimed.map(({ run }) => run)).toEqual(ids.slice(2));
    expect(await settingOf(world.store)).toMatchObject({ queued: 0, running: 2 });
  });

  it('counts what other calls of the same turn claim', async ({ world }) => {
    await submit(world, 6);
    await world.store.setQueue('q', { maxRunning: 2 });
    const claims = await Promise.all([1, 2, 3].map(() => world.worker().claim(1, ['q'])));
    expect(claims.flatMap(({ claimed }) => claimed)).toHaveLength(2);
  });

  it('lets what runs above a new limit go on, and gives nothing until there is room', async ({ world }) => {
    await submit(world, 5);
    const worker = world.worker();
    const { claimed } = await worker.claim(3, ['q']);
    await world.store.setQueue('q', { maxRunning: 2 });
    for (const [n, held] of claimed.entries()) {
      expect(await worker.renew(held)).toBe('ok');
      const hints = await hintsOf(world.store, () => worker.finish(held));
      expect(hints.some(({ kind }) => kind === 'work')).toBe(n > 0);
      expect(await settingOf(world.store)).toMatchObject({ running: 2 - n });
      if (n === 0) expect(await world.worker().claimedIds(5, ['q'])).toEqual([]);
    }
    expect(await drain(world.worker())).toBe(2);
  });

  it('wakes whoever waits when the limit is raised or taken away', async ({ world }) => {
    await submit(world, 4);
    await world.store.setQueue('q', { maxRunning: 1 });
    const worker = world.worker();
    for (const [maxRunning, claimable] of [
      [2, 1],
      [null, 2],
    ] as const) {
      await drain(worker);
      const wait = idle(world.store);
      const raise = () => world.store.setQueue('q', { maxRunning });
      expect(await hintsOf(world.store, raise)).toContainEqual(WORK);
      await within(SOON, wait.end, () => 'nobody was woken');
      expect(await drain(worker)).toBe(claimable);
    }
  });

  it('keeps no other queue from going on', async ({ world }) => {
    await submit(world, 3);
    await submit(world, 3, 'other');
    await world.store.setQueue('q', { maxRunning: 1 });
    const { claimed } = await world.worker().claim(5, ['q', 'other']);
    expect(claimed).toHaveLength(4);
  });

  it('has room again for deleted runs that it gave nobody', async ({ world }) => {
    const { id } = await world.once({ queue: 'q' });
    await submit(world, 1);
    await world.store.setQueue('q', { maxRunning: 1 });
    await world.store.deleteJob(id, true);
    expect(await drain(world.worker())).toBe(1);
  });
});

contract('what is set of a queue', (it) => {
  it('is told, and changes only where the change says', async ({ world }) => {
    const { store } = world;
    await store.setQueue('q', { paused: true, maxRunning: 7 });
    const empty = { name: 'q', queued: 0, running: 0 };
    expect(await settingOf(store)).toEqual({ ...empty, paused: true, maxRunning: 7 });
    await store.setQueue('q', { maxRunning: 8 });
    expect(await settingOf(store)).toEqual({ ...empty, paused: true, maxRunning: 8 });
    await store.setQueue('q', { paused: false });
    expect(await settingOf(store)).toEqual({ ...empty, paused: false, maxRunning: 8 });
    await store.setQueue('q', {});
    expect(await settingOf(store)).toEqual({ ...empty, paused: false, maxRunning: 8 });
    await store.setQueue('q', { maxRunning: null });
    expect((await store.queues()).map(({ name }) => name)).toEqual(['default']);
  });

  it('can be set again with the same result', async ({ world }) => {
    for (let n = 0; n < 2; n++) await world.store.setQueue('constructor', { paused: true, maxRunning: 1 });
    expect(await settingOf(world.store, 'constructor')).toMatchObject({ paused: true, maxRunning: 1 });
    for (let n = 0; n < 2; n++) await world.store.setQueue('constructor', { paused: false, maxRunning: null });
    expect(await settingOf(world.store, 'constructor')).toBeUndefined();
  });

  it('survives when the store is opened again', async ({ world }) => {
    await submit(world, 3);
    await world.store.setQueue('q', { maxRunning: 2 });
    await world.store.setQueue('host:w1', { paused: true });
    await submit(world, 1, 'host:w1');
    const before = await world.store.queues();
    await world.reopen();
    expect(await world.store.queues()).toEqual(before);
    expect(await world.worker().claimedIds(5, ['q', 'host:w1'])).toHaveLength(2);
  });
});
