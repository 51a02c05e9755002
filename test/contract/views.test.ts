import fc from 'fast-check';
import { expect } from 'vitest';
import { runId, type JobId } from '../../src/domain/id.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { JobStatus } from '../../src/domain/job.ts';
import { RUN_STATUSES, type RunStatus } from '../../src/domain/run.ts';
import { MOST_ROWS, type Cursor, type JobFilter, type Page, type RunFilter } from '../../src/store/views.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { long } from '../support/long.ts';
import { contract } from './contract.ts';
import { EXIT_1 } from './test-worker.ts';
import type { World } from './world.ts';

contract('listing jobs', (it) => {
  it('shows the newest first, page by page', async ({ world }) => {
    const made: JobId[] = [];
    for (let n = 0; n < 7; n++) {
      made.unshift((await world.once()).id);
      if (n % 2 === 0) world.clock.advance(SECOND);
    }
    const pages = await pagesOf((cursor) => world.store.listJobs({}, 3, cursor));
    expect(pages.flat().map(({ id }) => id)).toEqual(made);
    expect(Math.max(...pages.map((rows) => rows.length))).toBe(3);
  });

  it('shows each as findJob does', async ({ world }) => {
    await world.cron({ name: 'a', tags: ['t'] });
    const { rows, next } = await world.store.listJobs({}, 10, null);
    expect(rows).toEqual([await world.job(rows[0]?.id as JobId)]);
    expect(next).toBeNull();
  });

  it('is empty when there are none', async ({ world }) => {
    expect(await world.store.listJobs({}, 10, null)).toEqual({ rows: [], after: [], next: null });
  });

  it('filters', async ({ world }) => {
    await world.once({ name: 'apple', command: 'echo RED', queue: 'q1', tags: ['fruit', 'red'] });
    await world.once({ name: 'carrot', description: 'An orange_root', queue: 'q2', tags: ['orange'] });
    await world.cron({ name: 'daily', command: 'echo 100%', tags: ['red'] });
    const paused = await world.cron({ name: 'resting' });
    await world.store.pauseJob(paused.id);
    await world.cron({ name: 'over' }, null);
    const running = await world.once({ name: 'busy', queue: 'q3' });
    await world.worker().claimed(['q3']);
    const cases: [JobFilter, string][] = [
      [{}, 'busy over resting daily carrot apple'],
      [{ type: 'once' }, 'busy carrot apple'],
      [{ type: 'cron' }, 'over resting daily'],
      [{ queue: 'q1' }, 'apple'],
      [{ tag: 'red' }, 'daily apple'],
      [{ tag: 're' }, ''],
      [{ text: 'APP' }, 'apple'],
      [{ text: 'red' }, 'apple'],
      [{ text: 'orange_r' }, 'carrot'],
      [{ text: '0%' }, 'daily'],
      [{ text: '%' }, 'daily'],
      [{ text: '_' }, 'carrot'],
      [{ text: '' }, 'busy over resting daily carrot apple'],
      [{ status: ['pending'] }, 'carrot apple'],
      [{ status: ['running'] }, 'busy'],
      [{ status: ['scheduled'] }, 'daily'],
      [{ status: ['paused', 'finished'] }, 'over resting'],
      [{ status: ['succeeded'] }, ''],
      [{ status: [] }, 'busy over resting daily carrot apple'],
      [{ status: ['pending'], type: 'once', queue: 'q2', tag: 'orange', text: 'CARR' }, 'carrot'],
      [{ status: ['pending'], type: 'cron' }, ''],
    ];
    expect(running.status).toBe('pending');
    for (const [filter, expected] of cases) {
      const pages = await pagesOf((cursor) => world.store.listJobs(filter, 2, cursor));
      const names = pages.flat().map(({ definition }) => definition.name);
      expect([filter, names.join(' ')]).toEqual([filter, expected]);
    }
  });

  it('finds each status that a once job can have', async ({ world }) => {
    const ids = await inEveryStatus(world);
    for (const status of ['pending', 'running', 'succeeded', 'failed', 'cancelled'] as const) {
      const pages = await pagesOf((cursor) => world.store.listJobs({ status: [status] }, 10, cursor));
      expect(pages.flat()).toMatchObject([{ id: ids[status], status }]);
    }
  });
});

contract('listing runs', (it) => {
  it('shows the newest first, across jobs', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow' });
    const made: string[] = [];
    for (let n = 0; n < 4; n++) {
      made.unshift((await world.fired(job.id)).id);
      made.unshift(runId((await world.once()).id, 1));
    }
    const pages = await pagesOf((cursor) => world.store.listRuns({}, 3, cursor));
    expect(pages.flat().map(({ id }) => id)).toEqual(made);
    const own = await pagesOf((cursor) => world.store.listRuns({ job: job.id }, 3, cursor));
    expect(own.flat().map(({ number }) => number)).toEqual([4, 3, 2, 1]);
  });

  it('shows each as getRun does', async ({ world }) => {
    await world.once();
    const { run } = await world.worker('web-1').claimed();
    expect((await world.store.listRuns({}, 10, null)).rows).toEqual([await world.run(run)]);
  });

  it('filters', async ({ world }) => {
    const start = await world.now();
    const names: Record<string, string> = {};
    const make = async (name: string, queue: string) => {
      const { id } = await world.once({
        queue,
        name: `job-${name}`,
        command: `echo 100%${name}`,
        tags: [`of-${queue}`],
      });
      names[runId(id, 1)] = name;
      world.clock.advance(MINUTE);
      return id;
    };
    const a = await make('a', 'q1');
    await make('b', 'q1');
    await make('c', 'q2');
    const [web, db] = [world.worker('web'), world.worker('db')];
    const held = (await web.claim(1, ['q1'])).claimed[0];
    if (held === undefined) throw new Error('claimed nothing');
    await web.finish(held, EXIT_1);
    await db.claimed(['q2']);
    const d = await make('d', 'q3');
    await world.store.cancel(runId(d, 1));
    await world.store.deleteJob(d, false);
    const cases: [RunFilter, string][] = [
      [{}, 'd c b a'],
      [{ status: ['failed'] }, 'a'],
      [{ status: ['pending', 'running'] }, 'c b'],
      [{ status: [] }, 'd c b a'],
      [{ status: ['skipped'] }, ''],
      [{ job: a }, 'a'],
      [{ worker: 'web' }, 'a'],
      [{ worker: 'nobody' }, ''],
      [{ queue: 'q1' }, 'b a'],
      [{ since: start + MINUTE }, 'd c b'],
      [{ until: start + MINUTE }, 'a'],
      [{ since: start + 1, until: start + 2 * MINUTE }, 'b'],
      [{ job: a, status: ['running'] }, ''],
      [{ queue: 'q2', worker: 'db', status: ['running'], since: start }, 'c'],
      [{ reason: ['exit', 'timeout'] }, 'a'],
      [{ reason: ['requested'] }, 'd'],
      [{ reason: [] }, 'd c b a'],
      [{ trigger: ['submit'] }, 'd c b a'],
      [{ trigger: ['manual', 'retry'] }, ''],
      [{ tag: 'of-q1' }, 'b a'],
      [{ tag: 'of-q' }, ''],
      [{ text: 'JOB-B' }, 'b'],
      [{ text: '0%c' }, 'c'],
      [{ text: 'JOB', job: a }, 'a'],
      [{ text: 'job-a', tag: 'of-q2' }, ''],
      // Of a deleted job, as long as its runs are there.
      [{ text: 'job-d', tag: 'of-q3' }, 'd'],
    ];
    for (const [filter, expected] of cases) {
      const pages = await pagesOf((cursor) => world.store.listRuns(filter, 1, cursor));
      const found = pages.flat().map(({ id }) => names[id]);
      expect([filter, found.join(' ')]).toEqual([filter, expected]);
    }
  });

  it('finds each status that a run can have', async ({ world }) => {
    const ids = await inEveryStatus(world);
    for (const status of RUN_STATUSES) {
      const pages = await pagesOf((cursor) => world.store.listRuns({ status: [status] }, 10, cursor));
      expect(pages.flat().map(({ jobId }) => jobId)).toContain(ids[status]);
      expect(pages.flat().every((run) => run.status === status)).toBe(true);
    }
  });

  it('shows runs of deleted jobs', async ({ world }) => {
    const { id } = await world.once();
    await world.store.deleteJob(id, false);
    expect((await world.store.listRuns({}, 10, null)).rows).toMatchObject([{ jobId: id, status: 'cancelled' }]);
    expect((await world.store.listRuns({ job: id }, 10, null)).rows).toHaveLength(1);
  });

  it('keeps the order when the clock steps back', async ({ world }) => {
    const [first, second] = [await world.once(), (world.clock.advance(-HOUR), await world.once())];
    const third = (world.clock.advance(-HOUR), await world.once());
    const pages = await pagesOf((cursor) => world.store.listRuns({}, 1, cursor));
    expect(pages.flat().map(({ jobId }) => jobId)).toEqual([third, second, first].map(({ id }) => id));
  });

  it('looks at a bounded number of rows, and still comes to the end', async ({ world }) => {
    const jobs = Array.from({ length: 250 }, () => newJob(onceDefinition({ queue: 'many' })));
    const rare = await world.once({ queue: 'rare' });
    for (let n = 0; n < 8; n++) {
      await world.store.createJobs(
        jobs.map(() => newJob(onceDefinition({ queue: 'many' }))),
        null,
      );
    }
    const pages = await pagesOf((cursor) => world.store.listRuns({ queue: 'rare' }, 10, cursor));
    expect(pages.flat().map(({ jobId }) => jobId)).toEqual([rare.id]);
    const byStatus = await pagesOf((cursor) => world.store.listRuns({ status: ['failed'] }, 10, cursor));
    expect(byStatus.flat()).toEqual([]);
    const jobPages = await pagesOf((cursor) => world.store.listJobs({ queue: 'rare' }, 10, cursor));
    expect(jobPages.flat().map(({ id }) => id)).toEqual([rare.id]);
  });

  it(`gives up to ${MOST_ROWS} rows a page`, async ({ world }) => {
    await world.store.createJobs(
      Array.from({ length: MOST_ROWS + 1 }, () => newJob(onceDefinition())),
      null,
    );
    const runs = await world.store.listRuns({}, MOST_ROWS, null);
    expect(runs.rows).toHaveLength(MOST_ROWS);
    expect((await world.store.listRuns({}, MOST_ROWS, runs.next)).rows).toHaveLength(1);
  });
});

contract('cursors', (it) => {
  it('are refused by every other kind of list', async ({ world }) => {
    const job = await world.once();
    await world.once();
    const lists = [
      (cursor: Cursor | null) => world.store.listJobs({}, 1, cursor),
      (cursor: Cursor | null) => world.store.listRuns({}, 1, cursor),
      (cursor: Cursor | null) => world.store.listRuns({ job: job.id }, 1, cursor),
    ];
    for (const list of lists) {
      const { next } = await list(null);
      expect(next).not.toBeNull();
      await list(next);
      for (const other of lists.filter((each) => each !== list)) {
        await expect(other(next)).rejects.toMatchObject({ code: 'invalid_request', field: 'cursor' });
      }
    }
    await expect(world.store.listJobs({}, 1, '1')).rejects.toMatchObject({ code: 'invalid_request', field: 'cursor' });
  });

  it(
    'stay where they are while rows arrive, change and go',
    async ({ world }) => {
      const step = fc.constantFrom(
        'page',
        'page',
        'page while some come',
        'create',
        'back',
        'claim',
        'finish',
        'cancel',
      );
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 1, max: 4 }),
          fc.constantFrom<RunFilter>({}, { queue: 'default' }, { text: 'RU' }, { trigger: ['submit'] }),
          fc.array(step, { maxLength: 25 }),
          async (limit, filter, steps) => {
            for (let n = 0; n < 5; n++) await world.once();
            const worker = world.worker();
            const before = (await pagesOf((cursor) => world.store.listRuns(filter, 200, cursor))).flat();
            let page = await world.store.listRuns(filter, limit, null);
            const seen = page.rows.map(({ id }) => id);
            const turn = async (): Promise<void> => {
              if (page.next === null) return;
              page = await world.store.listRuns(filter, limit, page.next);
              seen.push(...page.rows.map(({ id }) => id));
            };
            for (const what of steps) {
              if (what === 'page') await turn();
              else if (what === 'page while some come') await Promise.all([world.once(), turn(), world.once()]);
              else if (what === 'create') await world.once();
              else if (what === 'back') world.clock.advance(-SECOND);
              else if (what === 'cancel') await world.store.cancel(before[0]?.id ?? runId('x' as JobId, 1));
              else if (what === 'claim') await worker.claim(1);
              else for (const held of (await worker.claim(1)).claimed) await worker.finish(held);
            }
            while (page.next !== null) await turn();
            expect(seen).toEqual(before.map(({ id }) => id));
          },
        ),
        { numRuns: long ? 300 : 10, plugins: [fc.interruptAfterTimeLimit(long ? 200 * SECOND : 5 * SECOND)] },
      );
    },
    300 * SECOND,
  );

  it('of jobs skip none and repeat none while jobs arrive', { timeout: 300 * SECOND }, async ({ world }) => {
    const filters = fc.constantFrom<JobFilter>(
      {},
      { queue: 'default' },
      { text: 'RU' },
      { type: 'once' },
      { status: ['pending'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        filters,
        fc.array(fc.boolean()),
        async (limit, filter, steps) => {
          await Promise.all([world.once(), world.once(), world.once()]);
          const before = (await pagesOf((cursor) => world.store.listJobs(filter, 200, cursor))).flat();
          const arriving = [...steps];
          const rows = await pagesOf(async (cursor) => {
            const [page] = await Promise.all([
              world.store.listJobs(filter, limit, cursor),
              arriving.pop() === true && cursor !== null ? world.once() : null,
            ]);
            return page;
          });
          expect(rows.flat().map(({ id }) => id)).toEqual(before.map(({ id }) => id));
        },
      ),
      { numRuns: long ? 200 : 10, plugins: [fc.interruptAfterTimeLimit(long ? 100 * SECOND : 5 * SECOND)] },
    );
  });

  it('of jobs stay where they are while jobs arrive and go', async ({ world }) => {
    const made: JobId[] = [];
    for (let n = 0; n < 6; n++) made.unshift((await world.once()).id);
    const first = await world.store.listJobs({}, 2, null);
    await world.once();
    await world.store.deleteJob(made[1] as JobId, false);
    await world.store.deleteJob(made[2] as JobId, false);
    const rest = await pagesOf((cursor) => world.store.listJobs({}, 2, cursor ?? first.next));
    expect(rest.flat().map(({ id }) => id)).toEqual(made.slice(3));
  });
});

contract('counts', (it) => {
  it('equal a recount', async ({ world }) => {
    await inEveryStatus(world);
    await world.cron();
    const paused = await world.cron();
    await world.store.pauseJob(paused.id);
    await world.cron({}, null);
    const gone = await world.cron();
    await world.trigger(gone.id);
    await world.store.deleteJob(gone.id, false);
    const jobs = (await pagesOf((cursor) => world.store.listJobs({}, 200, cursor))).flat();
    const runs = (await pagesOf((cursor) => world.store.listRuns({}, 200, cursor))).flat();
    const cron = (status: JobStatus) =>
      jobs.filter((job) => job.definition.type === 'cron' && job.status === status).length;
    expect(await world.store.counts()).toEqual({
      jobs: {
        once: jobs.filter(({ definition }) => definition.type === 'once').length,
        scheduled: cron('scheduled'),
        paused: cron('paused'),
        finished: cron('finished'),
      },
      runs: Object.fromEntries(
        RUN_STATUSES.map((status) => [status, runs.filter((run) => run.status === status).length]),
      ),
      waitingLate: 0,
      overdue: 0,
    });
  });

  it('of nothing are zero', async ({ world }) => {
    const runs = { pending: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, skipped: 0 };
    const jobs = { once: 0, scheduled: 0, paused: 0, finished: 0 };
    expect(await world.store.counts()).toEqual({ jobs, runs, waitingLate: 0, overdue: 0 });
  });
});

contract('queues', (it) => {
  it('are default and those with runs, by name', async ({ world }) => {
    const free = { paused: false, maxRunning: null };
    expect(await world.store.queues()).toEqual([{ name: 'default', queued: 0, running: 0, ...free }]);
    for (let n = 0; n < 3; n++) await world.once({ queue: 'b' });
    await world.once({ queue: 'a' });
    await world.once({ queue: 'later', runAt: (await world.now()) + HOUR });
    const worker = world.worker();
    const [held] = (await worker.claim(1, ['b'])).claimed;
    if (held === undefined) throw new Error('claimed nothing');
    const rows = await world.store.queues();
    expect(rows).toEqual([
      { name: 'a', queued: 1, running: 0, ...free },
      { name: 'b', queued: 2, running: 1, ...free },
      { name: 'default', queued: 0, running: 0, ...free },
      { name: 'later', queued: 0, running: 0, ...free },
    ]);
    await worker.finish(held);
    for (const { run } of (await world.worker().claim(5, ['a', 'b'])).claimed) await world.store.cancel(run);
    const b = { name: 'b', queued: 0, running: 2, ...free };
    expect((await world.store.queues()).find(({ name }) => name === 'b')).toEqual(b);
  });
});

contract('changes', (it) => {
  it('begin where one asks, and tell what changed since', async ({ world }) => {
    const start = await world.store.changes(null);
    expect(start).toMatchObject({ changes: [], gap: false });
    const job = await world.once();
    const worker = world.worker();
    await worker.heartbeat();
    const { changes, next, gap } = await world.store.changes(start.next);
    expect(gap).toBe(false);
    expect(changes.map(({ kind, ref }) => [kind, ref])).toEqual(
      expect.arrayContaining([
        ['job', job.id],
        ['run', runId(job.id, 1)],
        ['worker', worker.owner],
      ]),
    );
    expect(await world.store.changes(next)).toEqual({ changes: [], next, gap: false });
  });

  it('come in ascending order, and each is told once', async ({ world }) => {
    let since = (await world.store.changes(null)).next;
    const seen: number[] = [];
    for (let n = 0; n < 20; n++) {
      await world.once();
      const { changes, next } = await world.store.changes(since);
      seen.push(...changes.map(({ id }) => id));
      since = next;
    }
    expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => a - b));
  });

  it('go on after the id of any change that was told', async ({ world }) => {
    const begin = (await world.store.changes(null)).next;
    await world.once();
    await world.once();
    const { changes } = await world.store.changes(begin);
    expect(changes.length).toBeGreaterThan(2);
    for (const [index, { id }] of changes.entries()) {
      expect((await world.store.changes(id)).changes).toEqual(changes.slice(index + 1));
    }
  });

  it('tell of every step of a run', async ({ world }) => {
    const job = await world.once({ retries: 1 });
    const run = runId(job.id, 1);
    const worker = world.worker();
    let since = (await world.store.changes(null)).next;
    const isTold = async (what: string): Promise<void> => {
      const { changes, next } = await world.store.changes(since);
      since = next;
      expect([what, changes.map(({ ref }) => ref)]).toEqual([what, expect.arrayContaining([run])]);
    };
    const first = await worker.claimed();
    await isTold('claim');
    await worker.append(first, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('x') });
    await isTold('output');
    await worker.retry(first, await world.now());
    await isTold('retry');
    const second = await worker.claimed();
    await isTold('claim again');
    await world.pass(16 * SECOND);
    await isTold('contact lost');
    await world.store.cancel(run);
    await isTold('cancel');
    await worker.renew(second);
    await isTold('contact again');
    await worker.finish(second);
    await isTold('end');
  });

  it('tell of every step of a job', async ({ world }) => {
    const job = await world.cron();
    let since = (await world.store.changes(null)).next;
    const isTold = async (what: string): Promise<void> => {
      const { changes, next } = await world.store.changes(since);
      since = next;
      expect([what, changes.map(({ ref }) => ref)]).toEqual([what, expect.arrayContaining([job.id])]);
    };
    await world.store.updateJob({ job: job.id, ifVersion: null, definition: job.definition, nextSlot: 'keep' });
    await isTold('edit');
    await world.fire(job.id);
    await isTold('fire');
    await world.store.pauseJob(job.id);
    await isTold('pause');
    await world.store.resumeJob(job.id, (await world.now()) + MINUTE);
    await isTold('resume');
    await world.store.deleteJob(job.id, false);
    await isTold('delete');
  });

  it('come in portions of at most 1,000', async ({ world }) => {
    let since = (await world.store.changes(null)).next;
    const made = new Set<string>();
    for (let n = 0; n < 6; n++) {
      const jobs = Array.from({ length: 250 }, () => newJob(onceDefinition()));
      for (const { id } of jobs) made.add(id);
      await world.store.createJobs(jobs, null);
    }
    for (;;) {
      const { changes, next, gap } = await world.store.changes(since);
      expect(gap).toBe(false);
      expect(changes.length).toBeLessThanOrEqual(1_000);
      if (changes.length === 0) break;
      for (const { ref } of changes) made.delete(ref);
      since = next;
    }
    expect(made.size).toBe(0);
  });

  it('say so when some were forgotten', async ({ world }) => {
    const { next } = await world.store.changes(null);
    expect((await world.store.changes(next + 1_000_000)).gap).toBe(true);
  });

  it('go on over a reopened store', async ({ world }) => {
    const { next } = await world.store.changes(null);
    const job = await world.once();
    await world.reopen();
    const other = await world.once();
    const { changes, gap } = await world.store.changes(next);
    const refs = new Set(changes.map(({ ref }) => ref));
    expect(gap || (refs.has(job.id) && refs.has(other.id))).toBe(true);
  });
});

/** All pages, and that they come to an end. */
async function pagesOf<Row>(list: (cursor: Cursor | null) => Promise<Page<Row>>): Promise<(readonly Row[])[]> {
  const pages: (readonly Row[])[] = [];
  let cursor: Cursor | null = null;
  do {
    const page: Page<Row> = await list(cursor);
    pages.push(page.rows);
    cursor = page.next;
    expect(pages.length).toBeLessThan(10_000);
  } while (cursor !== null);
  return pages;
}

/** A job for each status that a run can have, and that has a run of it. */
async function inEveryStatus(world: World): Promise<Record<RunStatus, JobId>> {
  const worker = world.worker();
  const once = async (queue: string) => (await world.once({ queue, lateAfterSeconds: DAY / SECOND })).id;
  const pending = await once('pending');
  const running = await once('running');
  await worker.claimed(['running']);
  const succeeded = await once('succeeded');
  await worker.finish(await worker.claimed(['succeeded']));
  const failed = await once('failed');
  await worker.finish(await worker.claimed(['failed']), EXIT_1);
  const cancelled = await once('cancelled');
  await world.store.cancel(runId(cancelled, 1));
  const skipped = (await world.cron({ queue: 'skipped' })).id;
  await world.fire(skipped);
  await world.fire(skipped);
  return { pending, running, succeeded, failed, cancelled, skipped };
}
