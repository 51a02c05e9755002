import { expect } from 'vitest';
import { DAY, HOUR, SECOND } from '../../src/domain/instant.ts';
import { LEASE } from '../../src/store/leases.ts';
import { hintsOf } from '../support/wait.ts';
import { contract } from './contract.ts';
import { only } from './world.ts';

contract('workers', (it) => {
  it('are shown as they reported themselves', async ({ world }) => {
    const worker = world.worker('web-1');
    const start = await world.now();
    await worker.heartbeat({ queues: ['default', 'host:web-1'], running: 3 });
    world.clock.advance(5 * SECOND);
    await worker.heartbeat({ running: 4, state: 'draining' });
    expect(only(await world.store.workers())).toEqual({
      id: worker.owner,
      name: 'web-1',
      host: 'host.example',
      pid: 4711,
      instance: { bootId: null, pidNamespace: null, startedTicks: null },
      version: '0.1.0',
      queues: ['default'],
      concurrency: 16,
      running: 4,
      state: 'draining',
      startedAt: start,
      lastSeenAt: start + 5 * SECOND,
      alive: true,
    });
  });

  it('are listed with the newest start first', async ({ world }) => {
    const workers = [world.worker('a'), world.worker('b'), world.worker('c')];
    for (const worker of workers) {
      await worker.heartbeat();
      world.clock.advance(SECOND);
    }
    await workers[0]?.heartbeat();
    expect((await world.store.workers()).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  it('are alive while they were seen within a lease and have not stopped', async ({ world }) => {
    const [quiet, stopped] = [world.worker('quiet'), world.worker('stopped')];
    await quiet.heartbeat();
    await stopped.heartbeat();
    await stopped.heartbeat({ state: 'stopped' });
    const alive = async () => (await world.store.workers()).filter((one) => one.alive).map(({ name }) => name);
    world.clock.advance(LEASE - SECOND);
    expect(await alive()).toEqual(['quiet']);
    world.clock.advance(2 * SECOND);
    expect(await alive()).toEqual([]);
    expect(await world.store.workers()).toHaveLength(2);
  });

  it('are forgotten after a day, unless they hold a run', async ({ world }) => {
    const [holding, idle] = [world.worker('holding'), world.worker('idle')];
    await holding.heartbeat();
    await idle.heartbeat();
    await world.once();
    await holding.claimed();
    world.clock.advance(23 * HOUR);
    expect(await world.store.workers()).toHaveLength(2);
    world.clock.advance(DAY);
    expect((await world.store.workers()).map(({ name }) => name)).toEqual(['holding']);
  });

  it('of one name are told apart by their id', async ({ world }) => {
    await world.worker('web-1').heartbeat();
    world.clock.advance(SECOND);
    await world.worker('web-1').heartbeat();
    expect(await world.store.workers()).toHaveLength(2);
  });
});

contract('a worker that is asked to drain', (it) => {
  it('is told so with each heartbeat, and by a hint', async ({ world }) => {
    const [worker, other] = [world.worker(), world.worker()];
    expect(await worker.heartbeat()).toBe('ok');
    await other.heartbeat();
    const hints = await hintsOf(world.store, () => world.store.drainWorker(worker.owner));
    expect(hints).toContainEqual({ kind: 'drain', worker: worker.owner });
    expect(hints).toContainEqual({ kind: 'change' });
    expect(await worker.heartbeat()).toBe('drain');
    expect(await worker.heartbeat({ state: 'draining' })).toBe('drain');
    expect(await other.heartbeat()).toBe('ok');
    expect(await world.store.drainWorker(worker.owner)).toBe('asked');
  });

  it('is shown as draining before it says so, also by a reopened store', async ({ world }) => {
    const worker = world.worker();
    await worker.heartbeat();
    await world.store.drainWorker(worker.owner);
    expect(only(await world.store.workers()).state).toBe('draining');
    await worker.heartbeat({ state: 'stopped' });
    expect(only(await world.store.workers()).state).toBe('stopped');
    await world.reopen();
    expect(only(await world.store.workers()).state).toBe('stopped');
  });

  it('is not there when it has stopped, or never was', async ({ world }) => {
    const worker = world.worker();
    expect(await world.store.drainWorker(worker.owner)).toBe('not_found');
    await worker.heartbeat({ state: 'stopped' });
    expect(await world.store.drainWorker(worker.owner)).toBe('not_found');
  });
});
