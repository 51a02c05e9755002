/** Lists in Redis: how much is looked at for one page, and what goes meanwhile. */
import { expect, test, vi } from 'vitest';
import { listJobs } from '../../src/store/redis/jobs/list-jobs.ts';
import { listRuns } from '../../src/store/redis/runs/list-runs.ts';
import type { RedisLink } from '../../src/store/redis/link/link.ts';
import type { Store } from '../../src/store/store.ts';
import type { Cursor, JobFilter, Page, RunFilter } from '../../src/store/views.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { openInstallation } from '../support/redis-installation.ts';

/** How many rows a page looks at. */
const MOST_ROWS = 1_000;

test('a page looks at a thousand rows at most, and the pages come to the end', async () => {
  const { world, store, newLink } = await openInstallation();
  const rare = await world.once({ queue: 'rare' });
  await submit(store, 2_500);
  await world.worker('w1').claim(1, ['rare']);
  const link = await newLink();
  const runs: RunFilter[] = [{ status: ['running'] }, { status: ['running', 'cancelled'] }, { worker: 'w1' }];
  for (const filter of runs) {
    const found = await allOf(link, (cursor) => listRuns(link, filter, 10, cursor));
    expect([filter, found.map(({ jobId }) => jobId)]).toEqual([filter, [rare.id]]);
  }
  const jobs: JobFilter[] = [{ status: ['running'] }, { queue: 'rare' }];
  for (const filter of jobs) {
    const found = await allOf(link, (cursor) => listJobs(link, filter, 10, cursor));
    expect([filter, found.map(({ id }) => id)]).toEqual([filter, [rare.id]]);
  }
});

test('so does a page of running runs when there are more than that', async () => {
  const { world, store, newLink } = await openInstallation();
  await submit(store, 2_500);
  const worker = world.worker();
  for (let claims = 0; claims < 8; claims++) await worker.claim(250);
  const link = await newLink();
  const found = await allOf(link, (cursor) => listRuns(link, { status: ['running'] }, 200, cursor));
  expect(found).toHaveLength(2_000);
  expect(new Set(found.map(({ status }) => status))).toEqual(new Set(['running']));
});

test('the list of a job goes on behind a run that is removed while it is read', async () => {
  const { world, redis, prefix, newLink } = await openInstallation();
  const { id } = await world.cron({ overlap: 'allow' });
  for (let runs = 0; runs < 4; runs++) await world.fire(id);
  const link = await newLink();
  const read = link.read.bind(link);
  vi.spyOn(link, 'read').mockImplementation(async (commands) => {
    const replies = await read(commands);
    const [third] = await redis.zrangebyscore(`${prefix}l:${id}`, 3, 3);
    await redis.del(`${prefix}r:${third}`);
    return replies;
  });
  const found: number[] = [];
  let cursor: Cursor | null = null;
  do {
    const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(link, { job: id }, 2, cursor);
    found.push(...page.rows.map(({ number }) => number));
    cursor = page.next;
  } while (cursor !== null);
  expect(found).toEqual([4, 2, 1]);
});

async function submit(store: Store, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 250) {
    await store.createJobs(
      Array.from({ length: 250 }, () => newJob(onceDefinition())),
      null,
    );
  }
}

/** All rows, when no page took more than its share. */
async function allOf<Row>(link: RedisLink, list: (cursor: Cursor | null) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: Cursor | null = null;
  do {
    const read = vi.spyOn(link, 'read');
    const page: Page<Row> = await list(cursor);
    const replies = await Promise.all(read.mock.results.map(({ value }) => value as Promise<unknown[]>));
    read.mockRestore();
    // What one command gave: entries of an index, or fields of a row.
    expect(Math.max(...replies.flat().map(lengthOf))).toBeLessThanOrEqual(MOST_ROWS + 1);
    expect(replies.flat().length).toBeLessThanOrEqual(4 * MOST_ROWS);
    rows.push(...page.rows);
    cursor = page.next;
  } while (cursor !== null);
  return rows;
}

function lengthOf(reply: unknown): number {
  return Array.isArray(reply) ? reply.length : 1;
}
