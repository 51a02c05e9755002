/**
 * Keys of Redis that somebody deleted by hand, or that Redis evicted: what they were about is lost, and nothing else. What
 * still speaks of them may not be in the way of all others.
 */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { runId, type JobId, type RunId } from '../../src/domain/id.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { openRedisAt, type Opened } from '../contract/engines.ts';
import { SUCCEEDED, ended, type TestWorker } from '../contract/test-worker.ts';
import { only, World } from '../contract/world.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

let world: World;
beforeEach(async () => {
  await redis.flushall();
  const opened: Opened = await openRedisAt(server.url);
  onTestFinished(() => opened.dispose());
  world = new World(opened);
});

/** The one key that ends like this. */
async function key(end: string): Promise<string> {
  return only(await redis.keys(`*}:${end}`));
}

/** Ways to damage the only run of a once job. */
const damages = {
  'whose run is gone': async (job: JobId) => redis.del(await key(`r:${await seqOf(job)}`)),
  'whose definition is gone': async (job: JobId) => redis.del(await key(`d:${job}`)),
  'that is gone altogether': async (job: JobId) => redis.del(await key(`r:${await seqOf(job)}`), await key(`d:${job}`)),
  'whose run is something else': async (job: JobId) => redis.set(await key(`r:${await seqOf(job)}`), 'no hash'),
};
const everyDamage = Object.entries(damages).map(([what, damage]) => ({ what, damage }));

async function seqOf(job: JobId): Promise<string> {
  return String(await redis.get(await key(`d:${job}`))).slice(0, 16);
}

async function members(end: string): Promise<string[]> {
  const found = await redis.keys(`*}:${end}`);
  return found.length === 0 ? [] : redis.zrange(only(found), '0', '-1');
}

/** One that is still fine ends well, and nothing is left of the bad one where it would be met again. */
async function endsWell(worker: TestWorker, run: RunId): Promise<void> {
  const held = await worker.claimed();
  expect(held.run).toBe(run);
  expect(await worker.finish(held)).toBe('ok');
}

describe.for(everyDamage)('a job $what', ({ damage }) => {
  test('is passed over by a claim, once', async () => {
    const [first, bad, last] = [await world.once(), await world.once(), await world.once()];
    await damage(bad.id);
    const worker = world.worker();
    const request = worker.request(250);
    const { claimed } = await world.store.claim(request);
    expect(claimed.map(({ jobId }) => jobId)).toEqual([first.id, last.id]);
    expect((await world.store.claim(request)).claimed).toEqual(claimed);
    expect(await members('q:default')).toEqual([]);
    for (const held of claimed) expect(await worker.finish(held)).toBe('ok');
    expect(await members('lease')).toEqual([]);
  });

  test('is passed over by a claim that comes with an end', async () => {
    const [first, bad, last] = [await world.once(), await world.once(), await world.once()];
    const worker = world.worker();
    const { claimed } = await worker.claim(1);
    expect(claimed).toMatchObject([{ jobId: first.id }]);
    await damage(bad.id);
    const ends = claimed.map((held) => ended(held, SUCCEEDED));
    const { results, claim } = await world.store.finish(worker.owner, ends, worker.request(2));
    expect(results).toEqual(['ok']);
    expect(claim?.claimed).toMatchObject([{ jobId: last.id }]);
  });

  test('is passed over by what promotes delayed runs', async () => {
    const runAt = (await world.now()) + MINUTE;
    const [bad, good] = [await world.once({ runAt }), await world.once({ runAt })];
    await damage(bad.id);
    world.clock.set(runAt);
    await world.store.tick(250);
    await endsWell(world.worker(), runId(good.id, 1));
  });

  test('is passed over when leases lapse, and keeps no room in its queue', async () => {
    await world.store.setQueue('narrow', { maxRunning: 2 });
    const [bad, good] = [await world.once({ queue: 'narrow' }), await world.once({ queue: 'narrow' })];
    expect(await world.worker().claimedIds(2, ['narrow'])).toHaveLength(2);
    await damage(bad.id);
    expect((await world.pass(3 * MINUTE)).lost).toContain(runId(good.id, 1));
    expect(await world.run(runId(good.id, 1))).toMatchObject({ status: 'failed', reason: 'lost' });
    for (let n = 0; n < 2; n++) await world.once({ queue: 'narrow' });
    expect(await world.worker().claimedIds(2, ['narrow'])).toHaveLength(2);
  });

  test('is passed over by the repeat of the claim that gave it', async () => {
    const [bad, good] = [await world.once(), await world.once()];
    const request = world.worker().request(2);
    expect((await world.store.claim(request)).claimed).toHaveLength(2);
    await damage(bad.id);
    expect((await world.store.claim(request)).claimed).toMatchObject([{ jobId: good.id }]);
  });
});

test('a live run that is gone lets those go that wait for its end', async () => {
  const job = await world.cron({ overlap: 'queue' });
  const [live, waiting] = [await world.fired(job.id), await world.fired(job.id)];
  await redis.del(await key(`r:${only(await members(`o:${job.id}`).then((seqs) => seqs.slice(0, 1)))}`));
  expect(await world.run(waiting.id)).toMatchObject({ place: 'turn' });
  const newest = await world.fired(job.id);
  expect(await world.store.getRun(live.id)).toBeNull();
  expect(await world.run(newest.id)).toMatchObject({ place: 'turn' });
  await endsWell(world.worker(), waiting.id);
  await endsWell(world.worker(), newest.id);
});

test('a waiting run that is gone lets the next one have its turn', async () => {
  const job = await world.cron({ overlap: 'queue' });
  const live = await world.fired(job.id);
  await world.fired(job.id);
  const last = await world.fired(job.id);
  await redis.del(await key(`r:${String((await members(`o:${job.id}`))[1])}`));
  await endsWell(world.worker(), live.id);
  await endsWell(world.worker(), last.id);
});

test('a live run that is gone is no reason to skip slots, nor to refuse a run by hand', async () => {
  const job = await world.cron();
  await world.fired(job.id);
  await redis.del(await key(`r:${only(await members(`o:${job.id}`))}`));
  expect(await world.trigger(job.id)).toMatchObject({ status: 'triggered' });
  expect(await world.trigger(job.id)).toMatchObject({ status: 'overlap' });
});

test('a schedule whose definition is gone, or that waits for another slot, lets the others come', async () => {
  const [gone, other, good] = [await world.cron(), await world.cron(), await world.cron()];
  await redis.del(await key(`d:${gone.id}`), await key(`j:${other.id}`));
  world.clock.advance(MINUTE + SECOND);
  const { due, nextAt, now } = await world.store.tick(250);
  expect(due.map(({ job }) => job)).toEqual([good.id]);
  expect(await members('due')).toEqual([good.id]);
  expect(nextAt ?? Infinity).toBeGreaterThan(now);
});

test('a deleted job whose definition is gone holds up no tick', async () => {
  const [gone, good] = [await world.once(), await world.once()];
  await redis.zadd((await key(`d:${gone.id}`)).replace(/\}:.*/, '}:ending'), '0', randomUUID());
  await world.store.tick(250);
  expect(await members('ending')).toEqual([]);
  expect(await world.worker().claimedIds()).toEqual([runId(gone.id, 1), runId(good.id, 1)]);
});

test('what a dead worker held is decided to the last, though some of it is gone', async () => {
  const jobs = await Promise.all(Array.from({ length: 260 }, () => world.once()));
  const worker = world.worker();
  expect([...(await worker.claimedIds(250)), ...(await worker.claimedIds(250))]).toHaveLength(260);
  const [first] = await members(`h:${worker.owner}`);
  await redis.del(await key(`r:${String(first)}`));
  expect(await world.store.abandon(worker.owner)).toHaveLength(259);
  expect(await members(`h:${worker.owner}`)).toEqual([]);
  expect((await world.store.counts()).runs).toMatchObject({ failed: jobs.length - 1 });
});

test('a run whose earlier attempts are gone can be given back, and executed again', async () => {
  await world.once({ retries: 1 });
  const worker = world.worker();
  const held = await worker.claimed();
  await worker.retry(held, await world.now());
  const again = await worker.claimed();
  await redis.del(await key('a:*'));
  expect(await worker.release(again)).toBe('ok');
  expect(await worker.claimed()).toMatchObject({ run: held.run, attempt: 2 });
});

test('an end that fails half way can be told again, or lapses', async () => {
  const job = await world.cron({ overlap: 'queue' });
  const live = await world.fired(job.id);
  const worker = world.worker();
  const held = await worker.claimed();
  const open = await key(`o:${job.id}`);
  await redis.set(open, 'no set');
  expect(await worker.finish(held)).toBe('lost');
  expect(await members('lease')).toHaveLength(1);
  expect(await redis.zcard(await key(`h:${worker.owner}`))).toBe(1);
  await redis.del(open);
  await world.pass(2 * MINUTE);
  expect(await members('lease')).toEqual([]);
  expect((await world.run(live.id)).status).toBe('succeeded');
});

test.each([{}, { lostAfterSeconds: 7 }])('a claim makes a run open again whose list is gone, %j', async (policy) => {
  const job = await world.cron(policy);
  await world.fired(job.id);
  await redis.del(await key(`o:${job.id}`));
  await world.worker().claimed();
  expect(await members(`o:${job.id}`)).toHaveLength(1);
});
