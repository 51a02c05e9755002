import { expect } from 'vitest';
import { runId, type JobId, type RunId } from '../../src/domain/id.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Outcome } from '../../src/domain/run.ts';
import type { TrimPolicy } from '../../src/store/views.ts';
import { contract } from './contract.ts';
import { EXIT_1, KILLED, SUCCEEDED } from './test-worker.ts';
import { only, type CronFields, type World } from './world.ts';

const POLICY: TrimPolicy = {
  auditKeepDays: 365,
  auditKeepCount: 100_000,
  onceKeepDays: 7,
  onceKeepCount: 100_000,
  outputBudgetBytes: 1024 ** 3,
};
const NOTHING = { jobs: 0, runs: 0, outputs: 0, more: false };

contract('trimming runs of cron jobs', (it) => {
  it('removes nothing that may stay', async ({ world }) => {
    await history(world, { keepRuns: 3 }, [SUCCEEDED, EXIT_1, SUCCEEDED]);
    expect(await world.store.trim(POLICY, 250)).toEqual(NOTHING);
  });

  it('keeps the newest, and beyond them some that failed', async ({ world }) => {
    const outcomes = [EXIT_1, EXIT_1, SUCCEEDED, EXIT_1, SUCCEEDED, SUCCEEDED];
    const job = await history(world, { keepRuns: 2, keepFailedRuns: 2 }, outcomes);
    expect(await world.store.trim(POLICY, 250)).toEqual({ jobs: 0, runs: 2, outputs: 0, more: false });
    expect(await numbers(world, job)).toEqual([2, 4, 5, 6]);
    expect(await world.store.getRun(runId(job, 1))).toBeNull();
    expect(await world.store.readOutput(runId(job, 1), 1, 0)).toBeNull();
    expect(await world.store.trim(POLICY, 250)).toEqual(NOTHING);
  });

  it('removes what is older than its days', async ({ world }) => {
    const job = await history(world, { keepDays: 30 }, [SUCCEEDED, EXIT_1]);
    world.clock.advance(30 * DAY - HOUR);
    expect(await world.store.trim(POLICY, 250)).toEqual(NOTHING);
    world.clock.advance(2 * HOUR);
    expect(await world.store.trim(POLICY, 250)).toMatchObject({ runs: 2 });
    expect(await numbers(world, job)).toEqual([]);
    expect(await world.job(job)).toMatchObject({ status: 'scheduled' });
  });

  it('never removes a live run', async ({ world }) => {
    const job = await history(world, { keepRuns: 0, keepFailedRuns: 0, overlap: 'allow', retries: 1 }, [SUCCEEDED]);
    const worker = world.worker();
    await world.fire(job);
    await worker.claimed();
    await world.fire(job);
    await worker.retry(await worker.claimed(), (await world.now()) + 300 * DAY);
    await world.fire(job);
    world.clock.advance(100 * DAY);
    await world.store.trim(POLICY, 250);
    expect((await world.runs(job)).map(({ status }) => status)).toEqual(['running', 'pending', 'pending']);
  });

  it('counts records of skipped slots as runs', async ({ world }) => {
    const job = await world.cron({ keepRuns: 1, keepFailedRuns: 0 });
    await world.fire(job.id);
    await world.fire(job.id);
    const worker = world.worker();
    await worker.finish(await worker.claimed());
    expect(await world.store.trim(POLICY, 250)).toMatchObject({ runs: 1 });
    expect(await numbers(world, job.id)).toEqual([2]);
  });

  it('never uses a number again, nor opens a slot again', async ({ world }) => {
    const job = await history(world, { keepRuns: 0, keepFailedRuns: 0 }, [SUCCEEDED, SUCCEEDED]);
    const { lastSlot } = await world.job(job);
    await world.store.trim(POLICY, 250);
    await world.reopen();
    expect(await world.job(job)).toMatchObject({ lastSlot });
    expect(await world.fired(job)).toMatchObject({ number: 3 });
  });

  it('goes in steps of its limit', async ({ world }) => {
    const job = await history(
      world,
      { keepRuns: 1, keepFailedRuns: 0 },
      Array.from({ length: 6 }, () => SUCCEEDED),
    );
    expect(await world.store.trim(POLICY, 2)).toEqual({ jobs: 0, runs: 2, outputs: 0, more: true });
    let calls = 1;
    for (let more = true; more; calls++) ({ more } = await world.store.trim(POLICY, 2));
    expect(await numbers(world, job)).toEqual([6]);
    expect(calls).toBeLessThanOrEqual(5);
  });

  it('uses the policy that the job has now', async ({ world }) => {
    const job = await history(world, { keepRuns: 3 }, [SUCCEEDED, SUCCEEDED, SUCCEEDED]);
    const { definition } = await world.job(job);
    await world.store.updateJob({ job, ifVersion: null, definition: { ...definition, keepRuns: 1 }, nextSlot: 'keep' });
    expect(await world.store.trim(POLICY, 250)).toMatchObject({ runs: 2 });
    expect(await numbers(world, job)).toEqual([3]);
  });

  it('keeps counts right', async ({ world }) => {
    await history(world, { keepRuns: 1, keepFailedRuns: 1 }, [EXIT_1, EXIT_1, SUCCEEDED, SUCCEEDED]);
    await world.store.trim(POLICY, 250);
    expect((await world.store.counts()).runs).toMatchObject({ succeeded: 1, failed: 1 });
  });
});

contract('trimming once jobs', (it) => {
  it('removes a finished one with its runs after its days', async ({ world }) => {
    const { id } = await world.once({ name: 'short-lived' });
    const worker = world.worker();
    await worker.finish(await worker.claimed());
    world.clock.advance(7 * DAY - SECOND);
    expect(await world.store.trim(POLICY, 250)).toEqual(NOTHING);
    world.clock.advance(2 * SECOND);
    expect(await world.store.trim(POLICY, 250)).toMatchObject({ jobs: 1, outputs: 0, more: false });
    expect(await world.store.findJob(id)).toEqual({ status: 'not_found' });
    expect(await world.store.getRun(runId(id, 1))).toBeNull();
    expect((await world.store.counts()).jobs.once).toBe(0);
    expect((await world.store.counts()).runs.succeeded).toBe(0);
    expect(await world.once({ name: 'short-lived' })).toMatchObject({ status: 'pending' });
  });

  it('keeps one whose run is not final, however old', async ({ world }) => {
    const pending = await world.once({ queue: 'nobody' });
    const running = await world.once();
    await world.worker().claimed();
    const again = await world.once({ queue: 'again' });
    const worker = world.worker();
    await worker.finish(await worker.claimed(['again']));
    world.clock.advance(100 * DAY);
    await world.trigger(again.id);
    expect(await world.store.trim(POLICY, 250)).toMatchObject({ jobs: 0 });
    for (const { id } of [pending, running, again]) await world.job(id);
  });

  it('counts from the end of its newest run', async ({ world }) => {
    const { id } = await world.once();
    const worker = world.worker();
    await worker.finish(await worker.claimed());
    world.clock.advance(6 * DAY);
    await world.trigger(id);
    await worker.finish(await worker.claimed());
    world.clock.advance(2 * DAY);
    expect(await world.store.trim(POLICY, 250)).toEqual(NOTHING);
    world.clock.advance(6 * DAY);
    expect(await world.store.trim(POLICY, 250)).toMatchObject({ jobs: 1 });
  });

  it('keeps only so many of them', async ({ world }) => {
    const worker = world.worker();
    const made: JobId[] = [];
    for (let n = 0; n < 5; n++) {
      made.push((await world.once()).id);
      await worker.finish(await worker.claimed());
      world.clock.advance(SECOND);
    }
    await world.once();
    expect(await world.store.trim({ ...POLICY, onceKeepCount: 2 }, 250)).toMatchObject({ jobs: 3, more: false });
    const left = (await world.store.listJobs({ type: 'once', status: ['succeeded'] }, 10, null)).rows;
    expect(left.map(({ id }) => id)).toEqual(made.slice(3).toReversed());
  });
});

contract('trimming deleted jobs', (it) => {
  it('removes a once job and its run, and keeps counts right', async ({ world }) => {
    const kept = await world.once();
    const { id } = await world.once();
    await world.store.deleteJob(id, false);
    expect(await world.store.getRun(runId(id, 1))).not.toBeNull();
    await trimAll(world);
    expect(await world.store.getRun(runId(id, 1))).toBeNull();
    expect(await world.store.getRun(runId(kept.id, 1))).not.toBeNull();
    expect(await world.store.counts()).toMatchObject({ jobs: { once: 1 }, runs: { cancelled: 0, pending: 1 } });
    // The next one that is done is the only one.
    const worker = world.worker();
    await worker.finish(await worker.claimed());
    expect(await world.store.trim({ ...POLICY, onceKeepCount: 1 }, 250)).toEqual(NOTHING);
    expect(await world.store.trim({ ...POLICY, onceKeepCount: 0 }, 250)).toMatchObject({ jobs: 1, runs: 1 });
  });

  it('removes a once job with several runs, and what they wrote', async ({ world }) => {
    const { id } = await world.once({ command: 'x' });
    const worker = world.worker();
    await worker.finish(await worker.claimed(), EXIT_1);
    await world.trigger(id, { trigger: 'retry' });
    const held = await worker.claimed();
    await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.alloc(1_000) });
    await worker.finish(held);
    expect(await world.store.deleteJob(id, false)).toEqual({ status: 'deleted' });
    await trimAll(world, { ...POLICY, outputBudgetBytes: 1_000 });
    expect((await world.store.listRuns({}, 10, null)).rows).toEqual([]);
    expect((await world.store.counts()).runs).toMatchObject({ failed: 0, succeeded: 0 });
    expect(await world.store.trim({ ...POLICY, onceKeepCount: 0, outputBudgetBytes: 0 }, 250)).toEqual(NOTHING);
  });

  it('removes a cron job and its runs, whatever it was to keep', async ({ world }) => {
    const job = await history(world, { keepDays: 10 }, [SUCCEEDED, EXIT_1]);
    await world.store.deleteJob(job, false);
    await trimAll(world);
    expect(await numbers(world, job)).toEqual([]);
    expect(await world.store.jobVersions(job)).toEqual([]);
    expect(await world.store.trim(POLICY, 250)).toEqual(NOTHING);
  });

  it.for(['once', 'cron'] as const)('waits for the run of a %s job that still runs', async (type, { world }) => {
    const job = type === 'once' ? await world.once() : await world.cron();
    if (type === 'cron') await world.fire(job.id);
    const worker = world.worker();
    const held = await worker.claimed();
    await world.store.deleteJob(job.id, true);
    await trimAll(world);
    expect(await world.run(held.run)).toMatchObject({ status: 'running' });
    await worker.finish(held, KILLED);
    world.clock.advance(61 * SECOND);
    await trimAll(world);
    expect(await world.store.getRun(held.run)).toBeNull();
    expect(await world.store.trim({ ...POLICY, onceKeepCount: 0 }, 250)).toEqual(NOTHING);
  });
});

contract('trimming output', (it) => {
  it('drops the longest ended when all is more than the budget', async ({ world }) => {
    const runs: RunId[] = [];
    const worker = world.worker();
    for (let n = 0; n < 4; n++) {
      await world.once();
      const held = await worker.claimed();
      runs.push(held.run);
      await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.alloc(1_000, 'x') });
      world.clock.advance(SECOND);
      await worker.finish(held);
    }
    expect(await world.store.trim({ ...POLICY, outputBudgetBytes: 4_000 }, 250)).toEqual(NOTHING);
    const trimmed = await world.store.trim({ ...POLICY, outputBudgetBytes: 2_500 }, 250);
    expect(trimmed).toEqual({ jobs: 0, runs: 0, outputs: 2, more: false });
    for (const run of runs.slice(0, 2)) {
      expect(await world.store.readOutput(run, 1, 0)).toMatchObject({
        frames: [],
        dropped: 1_000,
        next: 1_000,
        total: 1_000,
        ended: true,
      });
      expect(await world.run(run)).toMatchObject({ status: 'succeeded', outputBytes: 1_000, outputTruncated: true });
      expect(only(await world.attempts(run))).toMatchObject({ outputBytes: 1_000, outputDropped: 1_000 });
    }
    for (const run of runs.slice(2)) {
      expect(await world.store.readOutput(run, 1, 0)).toMatchObject({ dropped: 0, next: 1_000 });
    }
  });

  it('never drops what is being written', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('live') });
    await world.store.trim({ ...POLICY, outputBudgetBytes: 0 }, 250);
    expect(await world.store.readOutput(held.run, 1, 0)).toMatchObject({ dropped: 0, total: 4, next: 4 });
    await worker.finish(held);
    expect(await world.store.trim({ ...POLICY, outputBudgetBytes: 0 }, 250)).toMatchObject({ outputs: 1 });
  });

  it('counts output that went with its run no more', async ({ world }) => {
    const job = await world.cron({ keepRuns: 1, keepFailedRuns: 0 });
    const worker = world.worker();
    for (let n = 0; n < 3; n++) {
      await world.fire(job.id);
      const held = await worker.claimed();
      await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.alloc(1_000) });
      await worker.finish(held);
    }
    await trimAll(world, { ...POLICY, outputBudgetBytes: 1_000 });
    expect(await world.store.readOutput(runId(job.id, 3), 1, 0)).toMatchObject({ dropped: 0, next: 1_000 });
  });
});

/** A cron job with a finished run for each outcome, the first first. */
async function history(world: World, fields: CronFields, outcomes: readonly Outcome[]): Promise<JobId> {
  const job = await world.cron(fields);
  const worker = world.worker();
  for (const outcome of outcomes) {
    await world.fire(job.id);
    const held = await worker.claimed();
    world.clock.advance(MINUTE / 10);
    await worker.finish(held, outcome);
  }
  return job.id;
}

async function numbers(world: World, job: JobId): Promise<number[]> {
  return (await world.runs(job)).map(({ number }) => number);
}

async function trimAll(world: World, policy: TrimPolicy = POLICY): Promise<void> {
  for (let more = true; more;) ({ more } = await world.store.trim(policy, 250));
}
