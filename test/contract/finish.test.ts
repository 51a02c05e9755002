import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { jobId, runId } from '../../src/domain/id.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Outcome } from '../../src/domain/run.ts';
import { contract } from './contract.ts';
import { ended, EXIT_1, KILLED, SUCCEEDED } from './test-worker.ts';
import { only } from './world.ts';

contract('finish', (it) => {
  const endings: { name: string; outcome: Outcome; expected: object }[] = [
    { name: 'success', outcome: SUCCEEDED, expected: { status: 'succeeded', reason: null, exitCode: 0, signal: null } },
    {
      name: 'an exit code',
      outcome: { status: 'failed', reason: 'exit', exitCode: 42 },
      expected: { status: 'failed', reason: 'exit', exitCode: 42 },
    },
    {
      name: 'a signal',
      outcome: { status: 'failed', reason: 'signal', signal: 'SIGSEGV' },
      expected: { status: 'failed', reason: 'signal', signal: 'SIGSEGV', exitCode: null },
    },
    {
      name: 'a timeout',
      outcome: { status: 'failed', reason: 'timeout', exitCode: null, signal: 'SIGKILL' },
      expected: { status: 'failed', reason: 'timeout', signal: 'SIGKILL' },
    },
    {
      name: 'a failed start',
      outcome: { status: 'failed', reason: 'spawn', detail: 'no such folder: /nowhere' },
      expected: { status: 'failed', reason: 'spawn', detail: 'no such folder: /nowhere' },
    },
    {
      name: 'a drain',
      outcome: { status: 'failed', reason: 'lost', detail: 'drained' },
      expected: { status: 'failed', reason: 'lost', detail: 'drained' },
    },
    { name: 'an unasked-for cancellation', outcome: KILLED, expected: { status: 'cancelled', signal: 'SIGTERM' } },
  ];
  it.for(endings)('records $name', async ({ outcome, expected }, { world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    world.clock.advance(SECOND);
    expect(await worker.finish(held, outcome, { durationMs: 987 })).toBe('ok');
    const now = await world.now();
    expect(await world.run(held.run)).toMatchObject({
      ...expected,
      finishedAt: now,
      durationMs: 987,
      worker: 'w1',
      place: null,
    });
    expect(only(await world.attempts(held.run))).toMatchObject({ outcome, durationMs: 987, finishedAt: now });
  });

  it.for([SUCCEEDED, KILLED, EXIT_1])('tells how many processes were left by what %j', async (outcome, { world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.run(held.run)).toMatchObject({ leftRunning: 0 });
    await worker.finish(held, outcome, { leftRunning: 3 });
    expect(await world.run(held.run)).toMatchObject({ leftRunning: 3 });
    expect(only(await world.attempts(held.run))).toMatchObject({ leftRunning: 3 });
  });

  it('tells of each attempt what that one left', async ({ world }) => {
    await world.once({ retries: 3 });
    const worker = world.worker();
    const leftByAttempts = async (): Promise<number[]> =>
      (await world.attempts(run)).map(({ leftRunning }) => leftRunning);
    const first = await worker.claimed();
    const { run } = first;
    await worker.finish(first, EXIT_1, { retryAt: await world.now(), leftRunning: 2 });
    expect(await world.run(run)).toMatchObject({ status: 'pending', leftRunning: 2 });
    await worker.release(await worker.claimed());
    expect([await world.run(run), await leftByAttempts()]).toMatchObject([{ leftRunning: 2 }, [2]]);
    const second = await worker.claimed();
    expect([await world.run(run), await leftByAttempts()]).toMatchObject([{ leftRunning: 0 }, [2, 0]]);
    await worker.finish(second, EXIT_1, { retryAt: await world.now(), leftRunning: 1 });
    await worker.finish(await worker.claimed());
    expect([await world.run(run), await leftByAttempts()]).toMatchObject([{ leftRunning: 0 }, [2, 1, 0]]);
  });

  it('answers duplicate to a repeat, and keeps what was said first', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.finish(held);
    const before = await world.runAndAttempts(held.run);
    world.clock.advance(MINUTE);
    expect(await worker.finish(held, EXIT_1)).toBe('duplicate');
    expect(await world.runAndAttempts(held.run)).toEqual(before);
  });

  it('answers duplicate to a repeat also when the next attempt runs or has ended', async ({ world }) => {
    await world.once({ retries: 1 });
    const [first, second] = [world.worker(), world.worker()];
    const held = await first.claimed();
    await first.retry(held, await world.now());
    expect(await first.retry(held, await world.now())).toBe('duplicate');
    const next = await second.claimed();
    expect(await first.finish(held)).toBe('duplicate');
    expect(await world.run(held.run)).toMatchObject({ status: 'running', attempt: 2 });
    await second.finish(next);
    expect(await first.finish(held, EXIT_1)).toBe('duplicate');
    expect(await world.run(held.run)).toMatchObject({ status: 'succeeded' });
  });

  it('is lost for another owner, another fence, and an unknown run; and writes nothing', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const before = await world.runAndAttempts(held.run);
    expect(await world.worker().finish(held)).toBe('lost');
    expect(await worker.finish({ ...held, fence: held.fence + 1 })).toBe('lost');
    expect(await worker.finish({ ...held, fence: held.fence - 1 })).toBe('lost');
    expect(await worker.finish({ ...held, run: runId(jobId(randomUUID()), 1) })).toBe('lost');
    expect(await world.runAndAttempts(held.run)).toEqual(before);
  });

  it('waits for the retry, then the next attempt may be claimed', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    const held = await worker.claimed();
    const retryAt = (await world.now()) + MINUTE;
    expect(await worker.retry(held, retryAt)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({
      status: 'pending',
      place: 'delay',
      readyAt: retryAt,
      attempt: 1,
      finishedAt: null,
    });
    world.clock.set(retryAt - 1);
    expect(await worker.claimedIds()).toEqual([]);
    world.clock.set(retryAt);
    expect(await worker.claimed()).toMatchObject({ run: held.run, attempt: 2 });
  });

  it('may be retried at once', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.retry(held, await world.now());
    expect(await worker.claimed()).toMatchObject({ run: held.run, attempt: 2 });
  });

  it('dates an end that had to wait for the link back', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    world.clock.advance(10 * SECOND);
    await worker.finish(held, SUCCEEDED, { endedAgoMs: 4_000 });
    expect(await world.run(held.run)).toMatchObject({ finishedAt: (await world.now()) - 4_000 });
  });

  it('claims the next ones in the same call, and repeats both answers', async ({ world }) => {
    for (let n = 0; n < 3; n++) await world.once();
    const worker = world.worker();
    const { claimed } = await worker.claim(1);
    const ends = claimed.map((held) => ended(held, SUCCEEDED));
    const request = worker.request(1);
    const first = await world.store.finish(worker.owner, ends, request);
    expect(first).toMatchObject({ results: ['ok'], claim: { claimed: { length: 1 }, more: true } });
    const again = await world.store.finish(worker.owner, ends, request);
    expect(again.results).toEqual(['duplicate']);
    expect(again.claim?.claimed).toEqual(first.claim?.claimed);
    expect((await world.store.counts()).runs).toMatchObject({ succeeded: 1, running: 1, pending: 1 });
  });

  it('lets the claim have the run whose turn has come by the end', async ({ world }) => {
    const job = await world.cron({ overlap: 'queue' });
    await world.fire(job.id);
    const worker = world.worker();
    const held = await worker.claimed();
    const waiting = await world.fired(job.id);
    const { claim } = await world.store.finish(worker.owner, [ended(held, SUCCEEDED)], worker.request());
    expect(claim?.claimed).toMatchObject([{ run: waiting.id }]);
  });

  it('answers many, each for itself', async ({ world }) => {
    for (let n = 0; n < 3; n++) await world.once();
    const worker = world.worker();
    const [a, b, c] = (await worker.claim(3)).claimed;
    if (a === undefined || b === undefined || c === undefined) throw new Error('claimed too few');
    await worker.finish(a);
    const ends = [ended(a, SUCCEEDED), ended({ ...b, fence: 99 }, SUCCEEDED), ended(c, EXIT_1)];
    expect((await world.store.finish(worker.owner, ends, null)).results).toEqual(['duplicate', 'lost', 'ok']);
    expect((await world.store.counts()).runs).toMatchObject({ succeeded: 1, running: 1, failed: 1 });
  });

  it('writes the last output with the end', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    const frames = [{ stream: 'stderr', at: 5, bytes: Buffer.from('bye') }] as const;
    await worker.finish(held, SUCCEEDED, { output: { offset: 0, frames } });
    expect(await world.store.readOutput(held.run, 1, 0)).toMatchObject({
      total: 3,
      ended: true,
      frames: [{ stream: 'stderr', at: 5 }],
    });
    expect(await world.run(held.run)).toMatchObject({ outputBytes: 3, outputTruncated: false });
  });
});
