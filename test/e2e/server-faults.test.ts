/** Servers that die and servers that are many: each slot becomes exactly one run. Real processes, each test its Redis. */
import { describe, expect } from 'vitest';
import { SECOND, type Instant } from '../../src/domain/instant.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Job } from '../../src/domain/job.ts';
import type { NewJobBody } from '../../src/http/schema/job-body.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { deadlyProxy, type Death } from '../support/deadly-proxy.ts';
import { long } from '../support/long.ts';
import { onSite as it, type Site } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';

/** Between every two steps of firing: before and after each of its calls. */
const STEPS = [
  ['tick', 'call'],
  ['tick', 'reply'],
  ['fire', 'call'],
  ['fire', 'reply'],
] as const;
/** Each step at its first call, its second, and so on. */
const KILLS: readonly Death[] = Array.from({ length: long ? 25 : 1 }, (_, n) => n).flatMap((n) =>
  STEPS.map(([script, loses]) => ({ script, loses, call: 1 + (n % 4) })),
);
const JOBS = 20;

/** Nobody serves it: what is fired stays there to be looked at. */
const QUEUE = 'nobody';

const everySecond = (first: Instant, end?: Instant): NewJobBody => ({
  command: 'true',
  queue: QUEUE,
  schedule: '* * * * * *',
  overlap: 'allow',
  starts_at: new Date(first).toISOString(),
  ...(end !== undefined && { ends_at: new Date(end).toISOString() }),
});

/** The first whole second that is so far ahead. */
const secondsAhead = (seconds: number): Instant => Math.ceil(Date.now() / SECOND + seconds) * SECOND;

describe.concurrent('a server', () => {
  it(
    `killed ${KILLS.length} times between the steps of firing: each slot is one run`,
    { timeout: long ? 900_000 : 90_000 },
    async ({ site }) => {
      await using proxy = await deadlyProxy(site.redis.port, ['tick', 'fire']);
      let first: Instant = 0;
      for (const [index, death] of KILLS.entries()) {
        const server = await site.start(['serve', '--port', '0'], proxy.port);
        if (index === 0) {
          // Of a server that is there: however long it took to start, no slot comes before its job.
          first = secondsAhead(3);
          const jobs = Array.from({ length: JOBS }, () => everySecond(first));
          await site.clientOf(server).jobs.createMany(jobs);
        }
        await proxy.arm(death, () => server.process.kill('SIGKILL'));
        await server.ended;
      }
      const last = await site.serve();
      const client = site.clientOf(last);
      // It has caught up when all are due in the future.
      await untilSeen(client, async () => {
        const jobs = await Array.fromAsync(client.jobs.all({ limit: 200 }));
        return jobs.every(({ next_run_at }) => Date.parse(next_run_at ?? '') > Date.now() - SECOND) ? jobs : null;
      });
      await last.end('SIGKILL');
      await expectEachSlotOnce(site, first);
    },
  );
});

describe.concurrent('three servers at once', () => {
  const [many, times] = long ? [1_000, 10] : [300, 2];
  it(
    `make one run of each of ${many * times} slots that come ${many} at once`,
    { timeout: 120_000 },
    async ({ site }) => {
      const servers = await Promise.all(Array.from({ length: 3 }, () => site.serve('--log-level', 'debug')));
      const [client] = servers.map((server) => site.clientOf(server));
      if (client === undefined) throw new Error('no client');
      const first = secondsAhead(3);
      const body = everySecond(first, first + times * SECOND);
      await client.jobs.createMany(Array.from({ length: many }, () => body));
      await untilSeen(client, async () => {
        const { rows } = await client.jobs.list({ status: ['scheduled'], limit: 1 });
        return rows.length === 0 ? true : null;
      });
      await Promise.all(servers.map((server) => server.end('SIGTERM')));
      const { runs } = await expectEachSlotOnce(site, first);
      expect(runs).toBe(many * times);
      // Nobody fired what another had: each knows only of those that it fired itself.
      const fired = servers.map(({ log }) => log.filter(({ msg }) => msg === 'slot fired').length);
      expect(fired.reduce((sum, count) => sum + count)).toBe(many * times);
    },
  );
});

/** Of all jobs: one run of each slot from the first on until the job's next, in their order, none skipped. */
async function expectEachSlotOnce(site: Site, first: Instant): Promise<{ runs: number }> {
  const store = await openStore({ kind: 'redis', address: redisAddress(site.redis.url) });
  try {
    const jobs = await allRows<Job>((cursor) => store.listJobs({}, 200, cursor));
    const runs = await allRows<Run>((cursor) => store.listRuns({}, 200, cursor));
    const byJob = Map.groupBy(runs, ({ jobId }) => jobId);
    expect(byJob.size).toBe(jobs.length);
    for (const { id, nextSlot, lastSlot } of jobs) {
      const end = nextSlot ?? (lastSlot ?? first) + SECOND;
      const slots = Array.from({ length: (end - first) / SECOND }, (_, index) => first + index * SECOND);
      const fired = (byJob.get(id) ?? []).toSorted((a, b) => a.number - b.number);
      expect(fired.map(({ scheduledFor }) => scheduledFor)).toEqual(slots);
      expect(fired.map(({ number }) => number)).toEqual(slots.map((_, index) => index + 1));
    }
    return { runs: runs.length };
  } finally {
    await store.close();
  }
}

async function allRows<Row>(
  read: (cursor: string | null) => ReturnType<Store['listJobs' | 'listRuns']>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page = await read(cursor);
    rows.push(...(page.rows as Row[]));
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}
