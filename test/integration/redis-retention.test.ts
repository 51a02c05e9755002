/** Retention, as far as it depends on how things lie in Redis and on what Redis tells. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import type { JobId } from '../../src/domain/id.ts';
import { DAY } from '../../src/domain/instant.ts';
import { isFinal } from '../../src/domain/run-state.ts';
import { trimCronJobs } from '../../src/store/redis/retention/trim-cron.ts';
import type { TrimPolicy } from '../../src/store/views.ts';
import type { TestWorker } from '../contract/test-worker.ts';
import type { World } from '../contract/world.ts';
import { openInstallation, type Installation } from '../support/redis-installation.ts';

const POLICY: TrimPolicy = {
  auditKeepDays: 365,
  auditKeepCount: 100_000,
  onceKeepDays: 7,
  onceKeepCount: 100_000,
  outputBudgetBytes: 1024 ** 3,
};

test.each([
  ['its user may not ask for INFO', ['-info']],
  ['its user may do nothing dangerous', ['-@dangerous']],
])('goes on where %s', async (_, rules) => {
  const admin = await openInstallation();
  const login = `u${randomUUID()}`;
  await admin.redis.call('ACL', 'SETUSER', login, 'on', '>pw', '~*', '&*', '+@all', ...rules);
  const { store, world, redis, prefix } = await openInstallation({ login: `${login}:pw` });
  const gone = world.worker('gone');
  await gone.heartbeat();
  await world.once();
  const held = await gone.claimed();
  await gone.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('hello') });
  await gone.finish(held);
  world.clock.advance(2 * DAY);
  expect(await store.trim({ ...POLICY, outputBudgetBytes: 4 }, 250)).toMatchObject({ outputs: 1 });
  expect(await store.readOutput(held.run, 1, 0)).toMatchObject({ dropped: 5, total: 5 });
  expect(await redis.exists(`${prefix}w:${gone.owner}`)).toBe(0);
});

test('a record of skipped slots that is extended while somebody looks at it stays', async () => {
  const { world, newLink } = await openInstallation();
  const { id } = await world.cron({ keepDays: 30 });
  await world.fired(id);
  await world.fire(id);
  world.clock.advance(31 * DAY);
  const link = await newLink();
  const run = link.run.bind(link);
  let isExtended = false;
  // Between the look and the removal another slot is skipped for the same reason.
  vi.spyOn(link, 'run').mockImplementation(async (script, ...parameters) => {
    if (script === 'trim-runs' && !isExtended) isExtended = (await world.fire(id)).status === 'fired';
    return run(script, ...parameters);
  });
  await trimCronJobs(link, 250);
  expect((await world.runs(id)).map(({ number, skipped }) => [number, skipped?.count])).toEqual([
    [1, undefined],
    [2, 2],
  ]);
});

describe('of a job with a long backlog', () => {
  test('the newest final runs stay, with open ones before, among and behind them', async () => {
    const { store, world, job, worker } = await backlog(400);
    await worker.claim(1);
    const [first, ...others] = (await worker.claim(11)).claimed;
    for (const run of others) await worker.finish(run);
    expect(first?.number).toBe(2);
    expect(await store.trim(POLICY, 250)).toMatchObject({ runs: 7, more: false });
    expect(await finals(world, job)).toEqual([10, 11, 12]);
  });

  test('some stay for longer when many open ones are older, and until these have ended', async () => {
    const { store, world, job, worker } = await backlog(400);
    const held = (await worker.claim(100)).claimed;
    for (const run of (await worker.claim(10)).claimed) await worker.finish(run);
    await store.trim(POLICY, 250);
    expect(await finals(world, job)).toEqual(expect.arrayContaining([108, 109, 110]));
    for (const run of held) await worker.finish(run);
    while ((await store.trim(POLICY, 250)).more);
    expect(await finals(world, job)).toEqual([108, 109, 110]);
  });

  test('few rows are read, however long it is', async () => {
    const { worker, newLink } = await backlog(3_000);
    for (const run of (await worker.claim(10)).claimed) await worker.finish(run);
    const link = await newLink();
    const read = vi.spyOn(link, 'read');
    expect(await trimCronJobs(link, 250)).toMatchObject({ runs: 7 });
    const rows = (await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown[]>))).flat(2);
    expect(rows.length).toBeLessThan(2_000);
  });
});

/** A job that keeps three runs, and so many that are to be claimed. */
async function backlog(runs: number): Promise<Installation & { job: JobId; worker: TestWorker }> {
  const installation = await openInstallation();
  const { world } = installation;
  const { id } = await world.cron({ overlap: 'allow', keepRuns: 3, keepFailedRuns: 0 });
  for (let left = runs; left > 0; left -= 100) {
    const at = (await world.job(id)).nextSlot ?? 0;
    await world.fire(id, { runs: Array.from({ length: 100 }, () => ({ slot: at, readyAt: at })) });
  }
  return { ...installation, job: id, worker: world.worker() };
}

/** Numbers of the runs that have ended. */
async function finals(world: World, job: JobId): Promise<number[]> {
  return (await world.runs(job)).filter(({ status }) => isFinal(status)).map(({ number }) => number);
}
