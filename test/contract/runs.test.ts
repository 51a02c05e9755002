import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { jobId, runId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { onceDefinition } from '../support/definitions.ts';
import { contract } from './contract.ts';
import { EXIT_1, KILLED } from './test-worker.ts';
import { answer, only } from './world.ts';

contract('trigger', (it) => {
  it('makes a run by hand of a scheduled job, and leaves its slots alone', async ({ world }) => {
    const job = await world.cron({ queue: 'q', priority: -5 });
    const run = answer(await world.trigger(job.id), 'triggered').run;
    expect(run).toMatchObject({ number: 1, trigger: 'manual', status: 'pending', place: 'queue', scheduledFor: null });
    expect(run).toMatchObject({ queue: 'q', priority: -5, createdAt: await world.now() });
    expect(await world.job(job.id)).toMatchObject({ nextSlot: job.nextSlot, lastSlot: null });
  });

  it('works for paused and for finished jobs', async ({ world }) => {
    const paused = await world.cron();
    await world.store.pauseJob(paused.id);
    expect(await world.trigger(paused.id)).toMatchObject({ status: 'triggered' });
    expect(await world.job(paused.id)).toMatchObject({ status: 'paused' });
    const finished = await world.cron({}, null);
    expect(await world.trigger(finished.id)).toMatchObject({ status: 'triggered' });
  });

  it('answers a repeat with the run it made, whatever became of it', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow' });
    const request = randomUUID();
    const { run } = answer(await world.trigger(job.id, { request }), 'triggered');
    expect(await world.trigger(job.id, { request })).toEqual({ status: 'existing', run });
    expect(await world.trigger(job.id, { request, fingerprint: 'other' })).toEqual({ status: 'key_reused' });
    const worker = world.worker();
    await worker.finish(await worker.claimed());
    world.clock.advance(23 * HOUR);
    expect(await world.trigger(job.id, { request })).toMatchObject({
      status: 'existing',
      run: { id: run.id, status: 'succeeded' },
    });
    expect(await world.runs(job.id)).toHaveLength(1);
  });

  it('makes nothing when it is refused, so that the same request may succeed later', async ({ world }) => {
    const job = await world.once();
    const request = randomUUID();
    expect(await world.trigger(job.id, { request })).toEqual({ status: 'overlap', live: `${job.id}.1` });
    await world.store.cancel(runId(job.id, 1));
    expect(await world.trigger(job.id, { request, trigger: 'retry' })).toMatchObject({
      status: 'triggered',
      run: { trigger: 'retry' },
    });
  });

  it('knows no unknown job', async ({ world }) => {
    expect(await world.trigger(jobId(randomUUID()))).toEqual({ status: 'not_found' });
  });
});

contract('cancel', (it) => {
  it('ends a queued run', async ({ world }) => {
    const job = await world.once();
    const run = runId(job.id, 1);
    expect(await world.store.cancel(run)).toEqual({ status: 'cancelled' });
    expect(await world.run(run)).toMatchObject({
      status: 'cancelled',
      reason: 'requested',
      place: null,
      startedAt: null,
    });
    expect(await world.run(run)).toMatchObject({ finishedAt: await world.now() });
    expect(await world.worker().claimedIds()).toEqual([]);
  });

  it('ends a run that waits for its time', async ({ world }) => {
    const job = await world.once({ runAt: (await world.now()) + HOUR });
    expect(await world.store.cancel(runId(job.id, 1))).toEqual({ status: 'cancelled' });
    world.clock.advance(2 * HOUR);
    expect((await world.store.tick(250)).nextAt).toBeNull();
    expect(await world.worker().claimedIds()).toEqual([]);
  });

  it('ends a run that waits for its retry', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.retry(held, (await world.now()) + HOUR);
    expect(await world.store.cancel(held.run)).toEqual({ status: 'cancelled' });
    expect(await world.run(held.run)).toMatchObject({
      status: 'cancelled',
      reason: 'requested',
      attempt: 1,
      readyAt: null,
    });
    world.clock.advance(2 * HOUR);
    expect(await worker.claimedIds()).toEqual([]);
  });

  it('asks the worker of a running run, as often as one likes', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await worker.renew(held)).toBe('ok');
    expect(await world.store.cancel(held.run)).toEqual({ status: 'requested' });
    expect(await world.store.cancel(held.run)).toEqual({ status: 'requested' });
    expect(await world.run(held.run)).toMatchObject({ status: 'running', cancelRequested: true });
    expect(await worker.renew(held)).toBe('cancel');
    expect(await worker.finish(held, KILLED)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'cancelled', reason: 'requested', signal: 'SIGTERM' });
  });

  it('is in vain when the run succeeds before it hears of it', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await world.store.cancel(held.run);
    await worker.finish(held);
    expect(await world.run(held.run)).toMatchObject({ status: 'succeeded', reason: null });
  });

  it('never lets a flagged run go back to pending', async ({ world }) => {
    await world.once({ retries: 5 });
    await world.once({ retries: 5 });
    await world.once({ retries: 5, lostAfterSeconds: 0 });
    const worker = world.worker();
    const [failing, released, lost] = (await worker.claim(3)).claimed;
    if (failing === undefined || released === undefined || lost === undefined) throw new Error('claimed too few');
    for (const { run } of [failing, released, lost]) await world.store.cancel(run);
    expect(await worker.retry(failing, await world.now())).toBe('ok');
    expect(await worker.release(released)).toBe('ok');
    await world.pass(20 * SECOND);
    for (const { run } of [failing, released, lost]) {
      expect(await world.run(run)).toMatchObject({ status: 'cancelled', reason: 'requested' });
    }
    expect(await worker.claimedIds()).toEqual([]);
  });

  it('tells what a final run is, and leaves it', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.finish(held, EXIT_1);
    const before = await world.run(held.run);
    world.clock.advance(MINUTE);
    expect(await world.store.cancel(held.run)).toEqual({ status: 'final', is: 'failed' });
    expect(await world.run(held.run)).toEqual(before);
  });

  it('answers a repeat with what the first made of it', async ({ world }) => {
    const job = await world.once();
    await world.store.cancel(runId(job.id, 1));
    expect(await world.store.cancel(runId(job.id, 1))).toEqual({ status: 'final', is: 'cancelled' });
  });

  it('knows no unknown run', async ({ world }) => {
    const job = await world.once();
    expect(await world.store.cancel(runId(job.id, 2))).toEqual({ status: 'not_found' });
    expect(await world.store.cancel(runId(jobId(randomUUID()), 1))).toEqual({ status: 'not_found' });
  });
});

contract('reading a run', (it) => {
  it('shows every attempt, the first first', async ({ world }) => {
    await world.once({ retries: 2 });
    const worker = world.worker('web-1');
    const started = await world.now();
    const first = await worker.claimed();
    world.clock.advance(2 * SECOND);
    await worker.finish(first, EXIT_1, { retryAt: await world.now(), durationMs: 1_234 });
    const other = world.worker('web-2');
    const second = await other.claimed();
    const { run, attempts } = await world.runAndAttempts(first.run);
    expect(attempts).toEqual([
      {
        number: 1,
        version: 1,
        fence: first.fence,
        owner: worker.owner,
        worker: 'web-1',
        startedAt: started,
        finishedAt: started + 2 * SECOND,
        durationMs: 1_234,
        outcome: EXIT_1,
        leftRunning: 0,
        outputBytes: 0,
        outputDropped: 0,
      },
      expect.objectContaining({ number: 2, fence: second.fence, worker: 'web-2', outcome: null, finishedAt: null }),
    ]);
    expect(run).toMatchObject({ status: 'running', attempt: 2, worker: 'web-2', startedAt: started });
  });

  it('is null for an unknown one', async ({ world }) => {
    const job = await world.once();
    expect(await world.store.getRun(runId(job.id, 2))).toBeNull();
    expect(await world.store.getRun(runId(jobId(randomUUID()), 1))).toBeNull();
  });
});

contract('live runs', (it) => {
  it('are those queued, running, or waiting for a time, newest first', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow', retries: 3 });
    const worker = world.worker();
    await world.fire(job.id);
    const retrying = await worker.claimed();
    await worker.retry(retrying, (await world.now()) + HOUR);
    await world.fire(job.id);
    await worker.finish(await worker.claimed());
    await world.fire(job.id);
    const running = await worker.claimed();
    const queued = await world.fired(job.id);
    expect((await world.store.liveRuns(job.id)).map(({ id }) => id)).toEqual([queued.id, running.run, retrying.run]);
  });

  it('are none of an unknown job', async ({ world }) => {
    expect(await world.store.liveRuns(jobId(randomUUID()))).toEqual([]);
  });

  it('do not include other jobs', async ({ world }) => {
    const job = await world.create({
      id: jobId(randomUUID()),
      definition: onceDefinition(),
      nextSlot: null,
    });
    await world.once();
    expect(only(await world.store.liveRuns(job.id))).toMatchObject({ jobId: job.id });
  });
});
