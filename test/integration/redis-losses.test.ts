/** What Redis acknowledged, and has not when it comes back: all of it is counted and named, and nothing else is. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { workerId } from '../../src/domain/id.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { JobschedError } from '../../src/errors.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { TestWorker } from '../contract/test-worker.ts';
import { answer } from '../contract/world.ts';
import { cronDefinition, newJob, onceDefinition } from '../support/definitions.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';

const KEY = { id: randomUUID(), name: 'ci', role: 'admin', hash: 'f'.repeat(64), expiresAt: null } as const;
const NOTHING = { jobs: 0, runs: 0, ends: 0, changes: 0 };

interface Setting {
  /** Two servers' stores. */
  readonly store: Store;
  readonly other: Store;
  readonly redis: RedisServer;
  /** What both were told of losses. */
  readonly told: readonly string[];
  /** Kills Redis and starts it again, with what lies in its folder. Resolves when both have found it again. */
  restart(): Promise<void>;
}

async function setting(stack: AsyncDisposableStack, settings: readonly string[]): Promise<Setting> {
  const folder = stack.use(await temporaryFolder());
  const all = [...settings, '--dir', folder.path];
  let redis = stack.use(await startRedis({ settings: all }));
  const told: string[] = [];
  const open = async (): Promise<Store> => {
    const store = await openStore({
      kind: 'redis',
      address: redisAddress(redis.url),
      report: (fault) => {
        if (fault instanceof JobschedError && fault.code === 'data_lost') told.push(fault.message);
      },
    });
    stack.defer(() => store.close());
    return store;
  };
  const [store, other] = [await open(), await open()];
  return {
    store,
    other,
    told,
    get redis() {
      return redis;
    },
    restart: async () => {
      process.kill(redis.pid, 'SIGKILL');
      await redis.stop();
      redis = stack.use(await startRedis({ port: redis.port, settings: all }));
      await Promise.all([store, other].map(untilThere));
    },
  };
}

async function untilThere(store: Store): Promise<void> {
  for (;;) {
    try {
      return await store.health();
    } catch {
      await sleep(20);
    }
  }
}

async function cron(store: Store): Promise<Awaited<ReturnType<typeof made>>> {
  return made(store, newJob(cronDefinition(), { nextSlot: Date.now() + MINUTE }));
}

async function made(store: Store, job: ReturnType<typeof newJob>) {
  const [result] = await store.createJobs([job], null);
  if (result === undefined) throw new Error('nothing was answered');
  return answer(result, 'created').job;
}

const byHand = (job: Awaited<ReturnType<typeof made>>) =>
  ({ job: job.id, request: randomUUID(), fingerprint: '', trigger: 'manual', force: false }) as const;

test('each change, run by hand, end and job that older data lacks is counted and named', async () => {
  await using stack = new AsyncDisposableStack();
  const at = await setting(stack, []);
  const { store } = at;
  const [paused, resumed, edited, deleted, started] = [
    await cron(store),
    await cron(store),
    await cron(store),
    await cron(store),
    await cron(store),
  ];
  answer(await store.pauseJob(resumed.id), 'paused');
  const cancelled = await made(store, newJob(onceDefinition({ queue: 'else' })));
  await made(store, newJob(onceDefinition()));
  const worker = new TestWorker(() => store, workerId(randomUUID()), 'w');
  const held = await worker.claimed();
  await store.createKey(KEY);
  await onRedis(at.redis, (redis) => redis.save());

  answer(await store.pauseJob(paused.id), 'paused');
  answer(await store.resumeJob(resumed.id, Date.now() + MINUTE), 'resumed');
  const definition = cronDefinition({ command: 'false' });
  answer(await store.updateJob({ job: edited.id, ifVersion: 1, definition, nextSlot: 'keep' }), 'updated');
  answer(await store.deleteJob(deleted.id, false), 'deleted');
  const run = answer(await store.trigger(byHand(started)), 'triggered').run.id;
  answer(await store.cancel(`${cancelled.id}.1` as typeof run), 'cancelled');
  await store.setQueue('gpu', { paused: true });
  await store.setQueue('gpu', { maxRunning: 3 });
  expect(await store.revokeKey(KEY.id)).toBe('revoked');
  expect(await worker.finish(held)).toBe('ok');
  const lost = await made(store, newJob(onceDefinition()));
  // What was done to a job that is gone goes with it.
  await store.cancel(`${lost.id}.1` as typeof run);

  await at.restart();
  expect(await store.losses()).toEqual({ jobs: 1, runs: 1, ends: 1, changes: 8 });
  expect(await at.other.losses()).toEqual(NOTHING);
  const [message = '', ...more] = at.told;
  expect(more).toEqual([]);
  for (const name of [lost.id, run, held.run, `pause of ${paused.id}`, `deletion of ${deleted.id}`]) {
    expect(message).toContain(name);
  }

  // Told once.
  await at.restart();
  expect(await store.losses()).toEqual({ jobs: 1, runs: 1, ends: 1, changes: 8 });
}, 60_000);

test('what is all there, or was changed by somebody else since, is no loss', async () => {
  await using stack = new AsyncDisposableStack();
  const at = await setting(stack, ['--appendonly', 'yes', '--appendfsync', 'always']);
  const { store, other } = at;
  const [paused, edited, deleted, started] = [
    await cron(store),
    await cron(store),
    await cron(store),
    await cron(store),
  ];
  const gone = await made(store, newJob(onceDefinition()));
  const run = answer(await store.trigger(byHand(started)), 'triggered').run.id;
  answer(await store.pauseJob(paused.id), 'paused');
  answer(await other.resumeJob(paused.id, Date.now() + MINUTE), 'resumed');
  const definition = cronDefinition({ command: 'false' });
  answer(await store.updateJob({ job: edited.id, ifVersion: 1, definition, nextSlot: 'keep' }), 'updated');
  answer(await other.deleteJob(edited.id, false), 'deleted');
  answer(await store.deleteJob(deleted.id, false), 'deleted');
  answer(await other.deleteJob(gone.id, false), 'deleted');
  answer(await other.cancel(run), 'cancelled');
  await store.setQueue('gpu', { paused: true });

  await at.restart();
  expect(await store.losses()).toEqual(NOTHING);
  expect(await other.losses()).toEqual(NOTHING);
  expect(at.told).toEqual([]);
}, 60_000);

async function onRedis(server: RedisServer, act: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(server.url);
  try {
    await act(redis);
  } finally {
    redis.disconnect();
  }
}
