/**
 * What Redis acknowledged and a failover lost: without `--durability replica` counted and told, with it nothing.
 *
 * A failover loses what the replica has not received. So that there is such, the replica is kept from its master for a
 * moment before the master is killed, while jobs are submitted.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, test as plain } from 'vitest';
import { workerId } from '../../src/domain/id.ts';
import { JobschedError } from '../../src/errors.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Durability } from '../../src/store/redis/link/durability.ts';
import type { Store } from '../../src/store/store.ts';
import { TestWorker } from '../contract/test-worker.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { untilFollowed } from '../support/followed.ts';
import { long } from '../support/long.ts';
import { freePort, startRedis, type RedisServer } from '../support/redis.ts';

/** What a test starts ends with it; tests run side by side. */
const test = plain.extend<{ stack: AsyncDisposableStack }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs.
  stack: async ({}, use) => {
    await using stack = new AsyncDisposableStack();
    await use(stack);
  },
});

const FAILOVERS = { engine: long ? 5 : 1, replica: long ? 20 : 1 };
const OWNER = workerId('00000000-0000-4000-8000-000000000001');
/** For how long jobs are submitted before the master dies: with its replica, and then without. */
const [TOGETHER_MS, ALONE_MS] = [150, 300];
/** Of each of those who submit. */
const PAUSE_MS = 2;

describe.concurrent('a failover', { timeout: long ? 600_000 : 60_000 }, () => {
  test(`that happens ${FAILOVERS.engine} times loses what the replica did not have, which is counted and told`, async ({
    stack,
    expect,
  }) => {
    const { lost, losses, told } = await failOver(stack, 'engine', FAILOVERS.engine);
    expect(lost.jobs).toBeGreaterThan(0);
    expect(losses.jobs).toBe(lost.jobs);
    expect(losses.ends).toBe(lost.ends);
    const reports = told.filter(({ code }) => code === 'data_lost');
    expect(reports.length).toBe(FAILOVERS.engine);
    for (const { message } of reports) expect(message).toMatch(/lost what was acknowledged: \d+ jobs? \(/);
  });

  test(`that happens ${FAILOVERS.replica} times with --durability replica loses nothing`, async ({ stack, expect }) => {
    const { acknowledged, refused, lost, losses, told } = await failOver(stack, 'replica', FAILOVERS.replica);
    expect(lost).toEqual({ jobs: 0, ends: 0 });
    expect(losses).toEqual({ jobs: 0, runs: 0, ends: 0, changes: 0 });
    expect(told.filter(({ code }) => code === 'data_lost')).toEqual([]);
    // There was something to lose.
    expect(acknowledged.jobs).toBeGreaterThan(10 * FAILOVERS.replica);
    expect(acknowledged.ends).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });
});

interface Outcome {
  readonly acknowledged: { readonly jobs: number; readonly ends: number };
  /** Jobs that were not acknowledged. */
  readonly refused: number;
  /** Of the acknowledged ones. */
  readonly lost: { readonly jobs: number; readonly ends: number };
  readonly losses: Awaited<ReturnType<Store['losses']>>;
  readonly told: readonly JobschedError[];
}

async function failOver(stack: AsyncDisposableStack, durability: Durability, times: number): Promise<Outcome> {
  const pair = await watchedPair(stack);
  const told: JobschedError[] = [];
  const store = await openStore({
    kind: 'redis',
    address: redisAddress(pair.url),
    durability,
    report: (fault) => void told.push(fault as JobschedError),
  });
  stack.defer(() => store.close());
  const worker = new TestWorker(() => store, OWNER, 'w');
  const jobs: string[] = [];
  const ends: string[] = [];
  const lost = { jobs: new Set<string>(), ends: new Set<string>() };
  let refused = 0;

  const submit = async (until: AbortSignal): Promise<void> => {
    while (!until.aborted) {
      const job = newJob(onceDefinition());
      try {
        await store.createJobs([job], null);
        jobs.push(job.id);
      } catch (error) {
        if (!(error instanceof JobschedError)) throw error;
        refused += 1;
      }
      await sleep(PAUSE_MS);
    }
  };
  const work = async (until: AbortSignal): Promise<void> => {
    while (!until.aborted) {
      for (const held of (await worker.claim(5)).claimed) {
        if ((await worker.finish(held)) === 'ok') ends.push(held.run);
      }
    }
  };

  for (let time = 0; time < times; time++) {
    const [whole, alone] = [new AbortController(), new AbortController()];
    const submitters = Array.from({ length: 8 }, () => submit(alone.signal));
    const working = work(whole.signal);
    await sleep(TOGETHER_MS);
    whole.abort();
    await working;
    await pair.part();
    await sleep(ALONE_MS);
    const died = pair.killMaster();
    alone.abort();
    await Promise.all([...submitters, died]);
    await untilThere(store);
    for (const job of jobs) if ((await store.findJob(job)).status !== 'found') lost.jobs.add(job);
    for (const end of ends) {
      const found = await store.getRun(end as never);
      if (found !== null && found.run.status !== 'succeeded') lost.ends.add(end);
    }
    await pair.mend();
    await untilThere(store);
  }
  return {
    acknowledged: { jobs: jobs.length, ends: ends.length },
    refused,
    lost: { jobs: lost.jobs.size, ends: lost.ends.size },
    losses: await store.losses(),
    told,
  };
}

/** Until whoever is master now answers. */
async function untilThere(store: Store): Promise<void> {
  for (;;) {
    try {
      await store.findJob('a');
      return;
    } catch {
      await sleep(50);
    }
  }
}

interface WatchedPair {
  /** For the store. */
  readonly url: string;
  /** The replica gets nothing any more. */
  part(): Promise<void>;
  killMaster(): Promise<void>;
  /** Once the other one is master: the one that died comes back, as its replica, and has all that it has. */
  mend(): Promise<void>;
}

/** Without the delay, a master waits 5 s for other replicas that might come. */
const SETTINGS = ['--repl-diskless-sync-delay', '0'];

async function watchedPair(stack: AsyncDisposableStack): Promise<WatchedPair> {
  const run = async (...settings: string[]): Promise<RedisServer> =>
    stack.use(await startRedis({ settings: [...SETTINGS, ...settings] }));
  let master = await run();
  let replica = await run('--replicaof', '127.0.0.1', String(master.port));
  await untilFollowed(master);
  const port = await freePort();
  const sentinel = stack.use(
    await startRedis({
      port,
      sentinel: [
        `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
        'sentinel down-after-milliseconds mymaster 400',
        'sentinel failover-timeout mymaster 1000',
        '',
      ].join('\n'),
    }),
  );
  await direct(sentinel.url, async (redis) => {
    while (((await redis.call('SENTINEL', 'REPLICAS', 'mymaster')) as unknown[]).length === 0) await sleep(50);
  });
  return {
    url: `redis-sentinel://127.0.0.1:${sentinel.port}`,
    part: async () => {
      // A master without a password takes none.
      await direct(replica.url, (redis) => redis.config('SET', 'masterauth', 'wrong'));
      await direct(master.url, (redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'replica'));
    },
    killMaster: () => master.stop(),
    mend: async () => {
      const { port: old } = master;
      await direct(replica.url, (redis) => redis.config('SET', 'masterauth', ''));
      const back = stack.use(
        await startRedis({ port: old, settings: [...SETTINGS, '--replicaof', '127.0.0.1', String(replica.port)] }),
      );
      await untilFollowed(replica);
      [master, replica] = [replica, back];
      await direct(sentinel.url, async (redis) => {
        for (;;) {
          const [, known] = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')) as string[];
          const replicas = (await redis.call('SENTINEL', 'REPLICAS', 'mymaster')) as string[][];
          const healthy = replicas.some((fields) => fields.includes(String(back.port)) && fields.includes('slave'));
          if (known === String(master.port) && healthy) return;
          await sleep(50);
        }
      });
    },
  };
}

async function direct<T>(url: string, act: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}
