/** Replies that are lost on their way: the store asks again by itself, and its caller hears what holds. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runId } from '../../src/domain/id.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { openRedisAt, type Opened } from '../contract/engines.ts';
import { CHANGING, sceneOn } from '../contract/every-call.ts';
import { Machine } from '../contract/machine/machine.ts';
import { dump } from '../contract/machine/snapshot.ts';
import { histories, type Step } from '../contract/machine/step.ts';
import { ended, KILLED, SUCCEEDED, type TestWorker } from '../contract/test-worker.ts';
import { answer, only, World } from '../contract/world.ts';
import { cronDefinition, newJob, onceDefinition } from '../support/definitions.ts';
import { long } from '../support/long.ts';
import { first, redisProxy, type Fate, type RedisProxy } from '../support/redis-proxy.ts';
import { sharedRedis } from '../support/redis.ts';

let proxy: RedisProxy;
beforeAll(async () => {
  proxy = await redisProxy((await sharedRedis()).port);
});
afterAll(() => proxy[Symbol.asyncDispose]());

describe.each<Fate>(['lose reply', 'cut reply'])('when networks %s', (fate) => {
  let opened: Opened;
  let world: World;
  let worker: TestWorker;
  beforeEach(async () => {
    opened = await open();
    world = new World(opened);
    worker = world.worker();
  });
  afterEach(() => opened.dispose());

  /** The store's call, whose reply is lost. */
  async function lost<T>(call: () => Promise<T>): Promise<T> {
    const before = proxy.met;
    proxy.decide = first(fate);
    const result = await call();
    expect(proxy.met - before).toBe(1);
    return result;
  }

  it('a job is made once, and told as made', async () => {
    const job = newJob(onceDefinition({ name: 'a' }));
    const { job: made } = answer(only(await lost(() => world.store.createJobs([job], null))), 'created');
    expect(made).toEqual(await world.job(job.id));
    expect(await world.runs(job.id)).toHaveLength(1);
    expect((await world.store.listJobs({}, 10, null)).rows).toHaveLength(1);
    expect(only(await world.store.createJobs([job], null))).toMatchObject({ status: 'existing', by: 'id' });
  });

  it('jobs that were there before are told so', async () => {
    const before = newJob(onceDefinition({ name: 'a' }));
    const fresh = newJob(cronDefinition(), { nextSlot: (await world.now()) + MINUTE });
    await world.create(before);
    const clash = newJob(onceDefinition({ name: 'a' }));
    const again = newJob(onceDefinition(), { id: before.id });
    const results = await lost(() => world.store.createJobs([again, fresh, clash, fresh], null));
    expect(results).toMatchObject([
      { status: 'existing', by: 'id' },
      { status: 'created' },
      { status: 'existing', by: 'name' },
      { status: 'existing', by: 'id' },
    ]);
  });

  it('jobs of a request are told as made, and its key is remembered', async () => {
    const job = newJob(onceDefinition());
    const request = { key: 'k', fingerprint: 'f' };
    answer(only(await lost(() => world.store.createJobs([job], request))), 'created');
    answer(only(await world.store.createJobs([job], request)), 'existing');
    answer(only(await world.store.createJobs([job], { key: 'k', fingerprint: 'other' })), 'key_reused');
    const other = { key: 'l', fingerprint: 'f' };
    expect(await lost(() => world.store.rememberRequest(other))).toBe('remembered');
  });

  it('an edit makes one version, and is no conflict with itself', async () => {
    const { id, definition } = await world.cron();
    const edit = { job: id, definition: { ...definition, description: 'x' }, nextSlot: 'keep' } as const;
    const edited = await lost(() => world.store.updateJob({ ...edit, ifVersion: 1 }));
    expect(answer(edited, 'updated').job.version).toBe(2);
    const again = await lost(() => world.store.updateJob({ ...edit, ifVersion: null }));
    expect(answer(again, 'updated').job.version).toBe(3);
    expect(await world.store.updateJob({ ...edit, ifVersion: 2 })).toEqual({ status: 'conflict', version: 3 });
    expect((await world.store.jobVersions(id)).map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  it('a job is paused, resumed and deleted', async () => {
    const { id } = await world.cron();
    expect(answer(await lost(() => world.store.pauseJob(id)), 'paused').job.status).toBe('paused');
    const next = (await world.now()) + HOUR;
    expect(answer(await lost(() => world.store.resumeJob(id, next)), 'resumed').job.nextSlot).toBe(next);
    expect(await lost(() => world.store.deleteJob(id, false))).toEqual({ status: 'deleted' });
    expect(await world.store.deleteJob(id, false)).toEqual({ status: 'not_found' });
    expect(await world.store.counts()).toMatchObject({ jobs: { scheduled: 0, paused: 0 } });
  });

  it('a key is revoked, and told as revoked', async () => {
    const id = randomUUID();
    await world.store.createKey({ id, name: 'ci', role: 'admin', hash: 'a'.repeat(64), expiresAt: null });
    expect(await lost(() => world.store.revokeKey(id))).toBe('revoked');
    expect(await world.store.revokeKey(id)).toBe('not_found');
    expect(await world.store.keys()).toEqual([]);
  });

  it('a run by hand is made once, and told as made', async () => {
    const { id } = await world.cron({ overlap: 'allow' });
    const request = randomUUID();
    const { run } = answer(await lost(() => world.trigger(id, { request })), 'triggered');
    expect(await world.runs(id)).toEqual([run]);
    expect(await world.trigger(id, { request })).toEqual({ status: 'existing', run });
  });

  it('a slot is fired once', async () => {
    const { id } = await world.cron();
    world.clock.advance(MINUTE);
    const { due } = await lost(() => world.store.tick(250));
    expect(due.map(({ job }) => job)).toEqual([id]);
    expect(await lost(() => world.fire(id))).toEqual({ status: 'stale' });
    expect(await world.runs(id)).toHaveLength(1);
  });

  it('a run is cancelled', async () => {
    const { id } = await world.once();
    const run = runId(id, 1);
    expect(await lost(() => world.store.cancel(run))).toEqual({ status: 'cancelled' });
    expect(await world.store.cancel(run)).toEqual({ status: 'final', is: 'cancelled' });
    const held = await claimedOne();
    expect(await lost(() => world.store.cancel(held.run))).toEqual({ status: 'requested' });
    await worker.finish(held, KILLED);
    expect(await world.store.cancel(held.run)).toEqual({ status: 'final', is: 'cancelled' });
  });

  it('a claim gives the same runs with the same fences', async () => {
    const jobs = [await world.once(), await world.once()];
    const { claimed } = await lost(() => worker.claim(2));
    expect(claimed.map(({ jobId, fence }) => ({ jobId, fence }))).toEqual(
      jobs.map(({ id }) => ({ jobId: id, fence: 1 })),
    );
    expect((await worker.claim(2)).claimed).toEqual([]);
    expect(await worker.renew(claimed[0] ?? never())).toBe('ok');
  });

  it('an end counts once, and its claim comes with it', async () => {
    const held = await claimedOne();
    const { id } = await world.once();
    const request = worker.request();
    const { results, claim } = await lost(() => world.store.finish(worker.owner, [ended(held, SUCCEEDED)], request));
    expect(results).toEqual(['duplicate']);
    expect(claim?.claimed.map(({ jobId, fence }) => ({ jobId, fence }))).toEqual([{ jobId: id, fence: 1 }]);
    expect(await world.store.counts()).toMatchObject({ runs: { succeeded: 1, running: 1, pending: 0 } });
    expect(await world.attempts(held.run)).toHaveLength(1);
  });

  it('output is written once', async () => {
    const held = await claimedOne();
    const frame = { stream: 'stdout', at: 1, bytes: Buffer.from('hello') } as const;
    expect(await lost(() => worker.append(held, 0, frame))).toBe('duplicate');
    expect(await worker.append(held, 5, frame)).toBe('ok');
    expect(await world.store.readOutput(held.run, 1, 0)).toMatchObject({ total: 10, dropped: 0 });
  });

  it('leases are renewed, given back and given up', async () => {
    const held = await claimedOne();
    expect(await lost(() => worker.renew(held))).toBe('ok');
    expect(await lost(() => worker.release(held))).toBe('duplicate');
    const again = await worker.claimed();
    expect(again).toMatchObject({ run: held.run, fence: 2, attempt: 1 });
    await lost(() => world.store.abandon(worker.owner));
    expect(await world.run(held.run)).toMatchObject({ status: 'failed', reason: 'lost' });
    await lost(() => worker.heartbeat());
    expect(await world.store.workers()).toHaveLength(1);
  });

  it('runs that may go are removed, whichever reply is lost', async () => {
    const { id } = await world.cron({ keepRuns: 0, keepFailedRuns: 0 });
    const policy = {
      auditKeepDays: 365,
      auditKeepCount: 100_000,
      onceKeepDays: 7,
      onceKeepCount: 100,
      outputBudgetBytes: 1 << 20,
    };
    for (let call = 0; call < 6; call++) {
      await world.fire(id);
      await worker.finish(await worker.claimed());
      let calls = 0;
      proxy.decide = () => (calls++ === call ? fate : 'pass');
      await world.store.trim(policy, 250);
      expect(await world.runs(id)).toEqual([]);
    }
  });

  async function claimedOne() {
    await world.once();
    return worker.claimed();
  }
});

describe.each<Fate>(['lose reply', 'cut reply', 'cut request'])('every call, when networks %s', (fate) => {
  it.for(CHANGING)('$method is made once', async ({ call }) => {
    const shown = async (lost: Fate): Promise<object> => {
      const opened = await open();
      try {
        const send = await call(sceneOn(opened));
        const before = proxy.met;
        proxy.decide = first(lost);
        await send();
        if (lost !== 'pass') expect(proxy.met - before).toBe(1);
        proxy.decide = () => 'pass';
        return await dump(opened.store);
      } finally {
        await opened.dispose();
      }
    };
    expect(await shown(fate)).toEqual(await shown('pass'));
  });
});

it('says what may be done all the same, and what is not', async () => {
  const opened = await open();
  try {
    const job = newJob(onceDefinition());
    for (const [fate, done] of [
      ['lose reply', true],
      ['pass', false],
    ] as const) {
      proxy.decide = () => fate;
      if (!done) proxy.part();
      await expect(opened.store.createJobs([job], null)).rejects.toMatchObject({ mayBeDone: done });
    }
  } finally {
    proxy.mend();
    await opened.dispose();
  }
});

it('answers in time when replies are slow, and when calls arrive in part', async () => {
  const opened = await open();
  for (const fate of ['slow', 'cut request'] as const) {
    proxy.decide = first(fate);
    expect(await opened.store.createJobs([newJob(onceDefinition())], null)).toMatchObject([{ status: 'created' }]);
  }
  expect((await opened.store.listRuns({}, 10, null)).rows).toHaveLength(2);
  await opened.dispose();
});

it('any history ends the same, whatever is lost', { timeout: long ? 20 * MINUTE : MINUTE }, async () => {
  const losses = fc.array(fc.constantFrom<Fate>(...FATES), { minLength: 10, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(histories, losses, async (steps, fates) => {
      let call = 0;
      const lossy = await outcome(steps, () => fates[call++ % fates.length] ?? 'pass');
      expect(lossy).toEqual(await outcome(steps, () => 'pass'));
    }),
    { numRuns: long ? 300 : 12, plugins: [fc.interruptAfterTimeLimit(long ? 15 * MINUTE : 5_000)] },
  );
});

/** Mostly nothing happens: a loss costs time. */
const FATES = [...Array.from({ length: 16 }, () => 'pass' as const), 'lose reply', 'cut reply', 'cut request'] as const;

async function outcome(steps: readonly Step[], decide: () => Fate): Promise<object> {
  const opened = await open();
  try {
    proxy.decide = decide;
    const machine = new Machine(opened);
    await machine.play(steps);
    proxy.decide = () => 'pass';
    return await dump(opened.store);
  } finally {
    await opened.dispose();
  }
}

async function open(): Promise<Opened> {
  proxy.decide = () => 'pass';
  const { url: server } = await sharedRedis();
  // That a link was lost is what is to happen.
  return openRedisAt(proxy.url, { server, report: () => undefined });
}

function never(): never {
  throw new Error('there is none');
}
