/** Lists of very many runs on Redis: read to the end, page by page, also while others make and trim runs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/id.ts';
import { SECOND, type Instant } from '../../src/domain/instant.ts';
import type { Run } from '../../src/domain/run.ts';
import { MOST_ROWS, type RunFilter } from '../../src/store/views.ts';
import { openRedisAt, type Opened } from '../contract/engines.ts';
import { ended, EXIT_1, SUCCEEDED } from '../contract/test-worker.ts';
import { answer, World } from '../contract/world.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { long } from '../support/long.ts';
import { sharedRedis } from '../support/redis.ts';

const RUNS = long ? 1_000_000 : 20_000;
/** So many are made at once: of once jobs, and of slots of one cron job. */
const [ONCE, SLOTS] = [240, 10];
const BATCHES = RUNS / (ONCE + SLOTS);
/** Between trims and new runs beside a reader, in pages. */
const PAGES = long ? 50 : 4;
const TIMEOUT = long ? 900_000 : 60_000;
/** Finished jobs go, the longest finished first, as many as a call may take. */
const KEEP_NONE = {
  auditKeepDays: 365,
  auditKeepCount: 100_000,
  onceKeepDays: 7,
  onceKeepCount: 0,
  outputBudgetBytes: Number.MAX_SAFE_INTEGER,
};

/** Of a run, what filters ask of. */
type Known = Pick<Run, 'id' | 'jobId' | 'queue' | 'createdAt' | 'status'>;

let opened: Opened;
let world: World;
let cron: JobId;
/** All runs, the newest first. */
let known: readonly Known[];

beforeAll(async () => {
  opened = await openRedisAt((await sharedRedis()).url);
  world = new World(opened);
  cron = (await world.cron({ queue: 'cron', overlap: 'allow' })).id;
  const made: Known[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) made.push(...(await slots()), ...(await onceJobs()));
  known = made.toReversed();
}, TIMEOUT);
afterAll(() => opened.dispose(), TIMEOUT);

/** A minute passes, and the cron job gets its runs. */
async function slots(): Promise<Known[]> {
  const { nextSlot } = await world.job(cron);
  const last = nextSlot ?? 0;
  const runs = Array.from({ length: SLOTS }, (_, index) => last - (SLOTS - 1 - index) * SECOND);
  const fired = answer(await world.fire(cron, { runs: runs.map((slot) => ({ slot, readyAt: slot })) }), 'fired');
  const createdAt = await world.now();
  return fired.runs.map((id) => ({ id, jobId: cron, queue: 'cron', createdAt, status: 'pending' }));
}

/** Of ten, one is done; of a hundred, one has failed; of a hundred, one waits in a queue that is rare. */
async function onceJobs(): Promise<Known[]> {
  const queueOf = (index: number): string => (index % 10 === 0 ? 'done' : index % 100 === 1 ? 'rare' : 'default');
  const jobs = Array.from({ length: ONCE }, (_, index) => newJob(onceDefinition({ queue: queueOf(index) })));
  const createdAt = await world.now();
  await world.store.createJobs(jobs, null);
  const worker = world.worker();
  const { claimed } = await worker.claim(ONCE, ['done']);
  const failed = new Set(jobs.filter((_, index) => index % 100 === 0).map(({ id }) => id));
  const ends = claimed.map((held) => ended(held, failed.has(held.jobId) ? EXIT_1 : SUCCEEDED));
  await world.store.finish(worker.owner, ends, null);
  return jobs.map(({ id, definition: { queue } }) => {
    const done = failed.has(id) ? 'failed' : 'succeeded';
    return { id: `${id}.1` as Run['id'], jobId: id, queue, createdAt, status: queue === 'done' ? done : 'pending' };
  });
}

/** All pages. @param meanwhile awaited after each. */
async function read(filter: RunFilter, meanwhile = async (_page: number): Promise<void> => {}): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  let page = 0;
  do {
    const { rows, next } = await world.store.listRuns(filter, MOST_ROWS, cursor);
    found.push(...rows.map(({ id }) => id));
    await meanwhile(page++);
    cursor = next;
  } while (cursor !== null);
  return found;
}

/** In a form that a failure can be read of. */
function expectSame(found: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((id, index) => id !== found[index]);
  expect({ length: found.length, differsAt: at }).toEqual({ length: expected.length, differsAt: -1 });
}

const ids = (runs: readonly Known[]): string[] => runs.map(({ id }) => id);
/** When the middle one was made. */
const middle = (): Instant => known[RUNS / 2]?.createdAt ?? 0;

describe(`${RUNS} runs`, { timeout: TIMEOUT }, () => {
  it('are each shown once, the newest first', async () => {
    expectSame(await read({}), ids(known));
  });

  it.each<[string, () => RunFilter, (run: Known) => boolean]>([
    ['failed', () => ({ status: ['failed'] }), ({ status }) => status === 'failed'],
    ['done', () => ({ status: ['failed', 'succeeded'] }), ({ status }) => status !== 'pending'],
    ['in a queue with few', () => ({ queue: 'rare' }), ({ queue }) => queue === 'rare'],
    ['of one job', () => ({ job: cron }), ({ jobId }) => jobId === cron],
    ['since the middle', () => ({ since: middle() }), ({ createdAt }) => createdAt >= middle()],
    ['until the middle', () => ({ until: middle() }), ({ createdAt }) => createdAt < middle()],
    ['of nobody', () => ({ worker: 'nobody' }), () => false],
  ])('and those of them that are asked for: %s', async (_what, filter, matches) => {
    expectSame(await read(filter()), ids(known.filter(matches)));
  });

  it('are shown once also while others are made and trimmed', async () => {
    let trimmed = 0;
    const found = await read({}, async (page) => {
      if (page % PAGES !== 0) return;
      await slots();
      trimmed += (await world.store.trim(KEEP_NONE, 250)).runs;
    });
    const left = new Set(await read({}));
    expect(trimmed).toBeGreaterThan(RUNS / 100);
    expect(new Set(found).size).toBe(found.length);
    const were = new Set(ids(known));
    expect(found.filter((id) => !were.has(id))).toEqual([]);
    // In the order of before: all that are there still, and of the trimmed ones those that were there when it came by.
    const shown = new Set(found);
    expectSame(
      found,
      ids(known).filter((id) => left.has(id) || shown.has(id)),
    );
    expect(known.filter(({ id }) => !left.has(id))).toHaveLength(trimmed);
  });
});
