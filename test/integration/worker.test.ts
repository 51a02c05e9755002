/** The worker with a real store and real children. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { workerId } from '../../src/domain/id.ts';
import type { Ending, Executor } from '../../src/worker/executor/executor.ts';
import { isAlive, untilProcesses } from '../executor/harness.ts';
import { AWAY, FULL } from '../support/faulty-store.ts';
import { eventually } from '../support/wait.ts';
import { WorkerBench } from './worker-bench.ts';

let bench: WorkerBench;
beforeEach(async () => {
  bench = await WorkerBench.open();
});
afterEach(() => bench[Symbol.asyncDispose]());

describe('a worker executes', () => {
  it('a command, and stores what it printed', async () => {
    await bench.worker();
    const run = await bench.submit('echo out; echo err >&2; pwd');
    const { run: seen } = await bench.finished(run);
    expect(seen).toMatchObject({ status: 'succeeded', worker: 'w1', attempt: 1, outputTruncated: false });
    const lines = (await bench.output(run)).output.toString().trim().split('\n');
    expect(new Set(lines)).toEqual(new Set(['out', 'err', bench.folder.path]));
  });

  it('a command that fails, with its exit code', async () => {
    await bench.worker();
    const { run } = await bench.finished(await bench.submit('exit 3'));
    expect(run).toMatchObject({ status: 'failed', reason: 'exit', exitCode: 3 });
  });

  it('a command that cannot be started, and says why', async () => {
    await bench.worker();
    const { run } = await bench.finished(await bench.submit('true', { cwd: '/no/such/folder' }));
    expect(run).toMatchObject({
      status: 'failed',
      reason: 'spawn',
      detail: 'the working directory /no/such/folder does not exist',
    });
  });

  it('a command until its timeout', async () => {
    await bench.worker();
    const { run } = await bench.finished(await bench.submit('sleep 100', { timeoutSeconds: 0.1 }));
    expect(run).toMatchObject({ status: 'failed', reason: 'timeout', signal: 'SIGTERM' });
  });

  it('a command that leaves others running, and says how many, of each attempt', async () => {
    await bench.worker();
    const command = 'sleep 1000 >/dev/null 2>&1 & echo $!; exit $((2 - JOBSCHED_ATTEMPT))';
    const run = await bench.submit(command, { retries: 1, retryDelaySeconds: 0 });
    const { run: seen, attempts } = await bench.ticking(() => bench.finished(run));
    const printed = await Promise.all(attempts.map(({ number }) => bench.output(run, number)));
    const pids = printed.map(({ output }) => Number(output)).filter((pid) => pid > 1);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect(pids).toHaveLength(2);
    expect(seen).toMatchObject({ status: 'succeeded', leftRunning: 1 });
    expect(attempts.map(({ leftRunning }) => leftRunning)).toEqual([1, 1]);
  });

  it('a failed run again, after its delay, as another attempt', async () => {
    await bench.worker();
    const command = 'echo "attempt $JOBSCHED_ATTEMPT fence $JOBSCHED_FENCE"; [ "$JOBSCHED_ATTEMPT" = 3 ]';
    const run = await bench.submit(command, { retries: 5, retryDelaySeconds: 0.02 });
    const { run: seen, attempts } = await bench.ticking(() => bench.finished(run));
    expect(seen).toMatchObject({ status: 'succeeded', attempt: 3 });
    expect(attempts.map(({ outcome }) => outcome?.status)).toEqual(
      expect.arrayContaining(['failed', 'failed', 'succeeded']),
    );
    expect((await bench.output(run, 3)).output.toString()).toBe('attempt 3 fence 3\n');
  });

  it('runs pinned to its host', async () => {
    await bench.worker({ queues: ['other'] });
    const { run } = await bench.finished(await bench.submit('true', { queue: 'host:w1' }));
    expect(run.status).toBe('succeeded');
  });

  it('each of 200 short runs exactly once, through 16 slots', async () => {
    await bench.worker();
    const runs = await bench.submitAll(
      Array.from({ length: 200 }, () => 'echo x >>"$HOME/$JOBSCHED_RUN_ID"'),
      {
        env: { HOME: bench.folder.path },
      },
    );
    for (const run of runs) expect((await bench.finished(run)).run.status).toBe('succeeded');
    const witnesses = (await readdir(bench.folder.path)).filter((name) => runs.some((run) => run === name));
    expect(witnesses).toHaveLength(200);
    for (const name of witnesses) expect(await readFile(join(bench.folder.path, name), 'utf8')).toBe('x\n');
    expect(bench.link.calls('claim') + bench.link.calls('finish')).toBeLessThan(210);
  });

  it('never more than its slots at once', async () => {
    await bench.worker({ concurrency: 2 });
    const runs = await bench.submitAll(['sleep 0.1', 'sleep 0.1', 'sleep 0.1', 'sleep 0.1']);
    let most = 0;
    const end = bench.store.subscribe(() => {
      void bench.store.counts().then(({ runs: { running } }) => (most = Math.max(most, running)));
    });
    for (const run of runs) await bench.finished(run);
    end();
    expect(most).toBe(2);
  });
});

describe('output', () => {
  it('is there while the command runs', async () => {
    await bench.worker();
    const run = await bench.submit('echo first; sleep 100');
    expect(await bench.printed(run, 'first')).toBe('first\n');
    expect((await bench.store.getRun(run))?.run.status).toBe('running');
  });

  it('of more than the limit is kept from the first quarter and the last three, to the byte', async () => {
    await bench.worker();
    const limit = 1024 * 1024;
    const command = 'seq 1 3000000';
    const run = await bench.submit(command, { outputLimitBytes: limit });
    const { run: seen } = await bench.finished(run);
    const whole = Array.from({ length: 3_000_000 }, (_, index) => `${index + 1}\n`).join('');
    const { output, dropped, total } = await bench.output(run);
    expect(total).toBe(whole.length);
    expect(seen).toMatchObject({ outputBytes: whole.length, outputTruncated: true });
    expect(output.length + dropped).toBe(whole.length);
    expect(output.subarray(0, limit / 4).toString()).toBe(whole.slice(0, limit / 4));
    expect(output.subarray(-limit * 0.75).toString()).toBe(whole.slice(-limit * 0.75));
  });

  it('that the store has no room for is a gap, and the command goes on', async () => {
    await bench.worker();
    bench.link.refuse('appendOutput', FULL);
    bench.link.refuse('finish', FULL, 2);
    const run = await bench.submit('echo early; sleep 0.3; echo late');
    expect((await bench.finished(run)).run).toMatchObject({
      status: 'succeeded',
      outputBytes: 11,
      outputTruncated: true,
    });
  });
});

describe('a run ends before its command would', () => {
  it('when it is cancelled', async () => {
    await bench.worker();
    const run = await bench.submit('echo up; sleep 100');
    await bench.printed(run, 'up');
    expect(await bench.store.cancel(run)).toEqual({ status: 'requested' });
    expect((await bench.finished(run)).run).toMatchObject({
      status: 'cancelled',
      reason: 'requested',
      signal: 'SIGTERM',
    });
  });

  it('when it was given up: its children are killed and it is not told of', async () => {
    const id = workerId(randomUUID());
    await bench.worker({ id });
    const run = await bench.submit(`trap '' TERM; echo $$; while :; do echo on; sleep 0.05; done`);
    const pid = Number.parseInt(await bench.printed(run, '\n'), 10);
    await bench.store.abandon(id);
    await untilProcesses('the child is killed', () => !isAlive(pid));
    expect((await bench.finished(run)).run).toMatchObject({ status: 'failed', reason: 'lost' });
  });
});

describe('a cancel', () => {
  it('that overtakes the answer of the claim keeps the command from its start', async () => {
    const run = await bench.submit('touch "$HOME/started"', { env: { HOME: bench.folder.path } });
    const reply = bench.link.holdReply('claim');
    await bench.worker();
    await bench.until(run, 'the claim', (seen) => seen.run.status === 'running');
    await bench.store.cancel(run);
    reply();
    expect((await bench.finished(run)).run).toMatchObject({ status: 'cancelled', reason: 'requested' });
    expect(await readdir(bench.folder.path)).not.toContain('started');
  });

  it('that came while the answer of the claim was lost does so too', async () => {
    const run = await bench.submit('touch "$HOME/started"', { env: { HOME: bench.folder.path } });
    bench.link.loseReply('claim');
    const claimed = bench.until(run, 'the claim', (seen) => seen.run.status === 'running');
    const cancelled = claimed.then(() => bench.store.cancel(run));
    await bench.worker();
    await cancelled;
    expect((await bench.finished(run)).run).toMatchObject({ status: 'cancelled', reason: 'requested' });
  });
});

describe('while the store is away', () => {
  it('the command runs on, and its end is told when the store is back', async () => {
    await bench.worker();
    const run = await bench.submit('echo up; until [ -e "$HOME/go" ]; do sleep 0.01; done', {
      env: { HOME: bench.folder.path },
    });
    await bench.printed(run, 'up');
    for (const method of ['finish', 'claim', 'renew', 'appendOutput', 'heartbeat'] as const) bench.link.refuse(method);
    const tried = bench.link.nextCall('finish');
    await writeFile(join(bench.folder.path, 'go'), '');
    await tried;
    await bench.link.nextCall('finish');
    expect((await bench.store.getRun(run))?.run.status).toBe('running');
    bench.link.heal('finish', 'claim', 'renew', 'appendOutput', 'heartbeat');
    expect((await bench.finished(run)).run).toMatchObject({ status: 'succeeded', attempt: 1 });
  });

  it('the first claims after a long outage are run, not thrown away', async () => {
    const real = systemClock;
    let passed = 0;
    const clock = { now: real.now, monotonic: () => real.monotonic() + passed };
    bench.link.refuse('claim');
    bench.link.shared = true;
    const refused = bench.link.nextCall('claim');
    await bench.worker({ clock });
    const run = await bench.submit('true', { lostAfterSeconds: 0 });
    await refused;
    passed = 3_600_000;
    bench.link.heal('claim');
    expect((await bench.finished(run)).run).toMatchObject({ status: 'succeeded', attempt: 1 });
  });

  it('a claim whose reply was lost is asked for again, and runs once', async () => {
    bench.link.loseReply('claim', 2);
    const runs = await bench.submitAll(['echo x >>"$HOME/witness"'], { env: { HOME: bench.folder.path } });
    await bench.worker();
    for (const run of runs) expect((await bench.finished(run)).run).toMatchObject({ status: 'succeeded', attempt: 1 });
    expect(await readFile(join(bench.folder.path, 'witness'), 'utf8')).toBe('x\n');
  });

  it('an end whose reply was lost is told again, and what was claimed with it runs once', async () => {
    await bench.worker({ concurrency: 1 });
    bench.link.loseReply('finish', 2);
    const runs = await bench.submitAll(Array(3).fill('echo x >>"$HOME/$JOBSCHED_RUN_ID"'), {
      env: { HOME: bench.folder.path },
    });
    for (const run of runs) {
      expect((await bench.finished(run)).run).toMatchObject({ status: 'succeeded', attempt: 1 });
      expect(await readFile(join(bench.folder.path, run), 'utf8')).toBe('x\n');
    }
  });

  it('output whose reply was lost is stored once', async () => {
    await bench.worker();
    bench.link.loseReply('appendOutput', 2);
    const run = await bench.submit('for n in 1 2 3 4 5 6 7 8; do echo $n; sleep 0.05; done');
    await bench.finished(run);
    expect((await bench.output(run)).output.toString()).toBe('1\n2\n3\n4\n5\n6\n7\n8\n');
  });
});

describe('its health', () => {
  it('is that it claims, and how much it has to do', async () => {
    const worker = await bench.worker({ concurrency: 2 });
    expect(worker.health()).toEqual({ ready: true, detail: 'claims runs: 0 of 2 slots busy' });
    await bench.printed(await bench.submit('echo up; sleep 100'), 'up');
    expect(worker.health()).toEqual({ ready: true, detail: 'claims runs: 1 of 2 slots busy' });
  });

  it('is what the store says while it takes no calls', async () => {
    bench.link.refuse('claim');
    const worker = await bench.worker();
    // It asks again after a pause, so the first refusal is known by then.
    await bench.link.nextCall('claim');
    expect(worker.health()).toEqual({ ready: false, detail: AWAY.message });
    bench.link.heal('claim');
    await bench.finished(await bench.submit('true'));
    expect(worker.health()).toMatchObject({ ready: true });
  });

  it('is so too while the store takes the output of what runs, and no claims', async () => {
    const worker = await bench.worker();
    const running = await bench.submit('until [ -e "$HOME/go" ]; do sleep 0.01; done; echo out; sleep 100', {
      env: { HOME: bench.folder.path },
    });
    await bench.until(running, 'the start', ({ run }) => run.status === 'running');
    bench.link.refuse('claim');
    const refused = bench.link.nextCall('claim');
    await bench.submit('true');
    await refused;
    await bench.link.nextCall('claim');
    await writeFile(join(bench.folder.path, 'go'), '');
    await bench.printed(running, 'out');
    expect(worker.health()).toEqual({ ready: false, detail: AWAY.message });
  });

  it('is bad before its start, while it drains, and after its stop', async () => {
    const worker = bench.newWorker();
    expect(worker.health()).toEqual({ ready: false, detail: 'not running' });
    await worker.start();
    const run = await bench.submit('echo up; until [ -e "$HOME/go" ]; do sleep 0.01; done', {
      env: { HOME: bench.folder.path },
    });
    await bench.printed(run, 'up');
    const stopped = worker.stop();
    await bench.link.nextCall('heartbeat');
    expect(worker.health()).toEqual({ ready: false, detail: 'draining: claims no more, 1 still run' });
    await writeFile(join(bench.folder.path, 'go'), '');
    await stopped;
    expect(worker.health()).toEqual({ ready: false, detail: 'stopped' });
  });
});

describe('stopping', () => {
  it('waits for what runs, claims no more, and says so', async () => {
    const worker = await bench.worker({ concurrency: 1 });
    const run = await bench.submit('echo up; sleep 0.3; echo done');
    await bench.printed(run, 'up');
    const next = await bench.submit('true');
    await worker.stop();
    expect((await bench.store.getRun(run))?.run).toMatchObject({ status: 'succeeded' });
    expect((await bench.store.getRun(next))?.run).toMatchObject({ status: 'pending' });
    expect(await bench.store.workers()).toMatchObject([{ state: 'stopped', running: 0, alive: false }]);
  });

  it('claims no more when it is asked to drain, and lets what it runs end', async () => {
    const worker = await bench.worker({ drainTimeoutMs: 50 });
    const file = join(bench.folder.path, 'go');
    const run = await bench.submit(`echo began; until [ -e ${file} ]; do sleep 0.02; done`);
    await bench.printed(run, 'began');
    const [record] = await bench.store.workers();
    if (!record) throw new Error('there is no worker');
    await bench.store.drainWorker(record.id);
    await eventually(bench.store, 'the drain', async () => (worker.health().ready ? null : true));
    expect(worker.health().detail).toBe('draining: claims no more, 1 still run');
    const later = await bench.submit('true');
    await writeFile(file, '');
    expect((await bench.finished(run)).run.status).toBe('succeeded');
    await worker.stop();
    expect((await bench.store.getRun(later))?.run).toMatchObject({ status: 'pending', attempt: 0 });
    expect((await bench.store.workers())[0]?.state).toBe('stopped');
  });

  it('ends what did not end within the drain timeout, as lost', async () => {
    const worker = await bench.worker({ drainTimeoutMs: 50 });
    const run = await bench.submit('echo up; sleep 100');
    await bench.printed(run, 'up');
    await worker.stop();
    expect((await bench.store.getRun(run))?.run).toMatchObject({ status: 'failed', reason: 'lost', detail: 'drained' });
  });

  it.each([
    [1_000, 10_000],
    [3, 3_000],
  ])('gives a command with a grace of %i s %i ms at the end of a drain', async (killGraceSeconds, graceMs) => {
    const graces: number[] = [];
    const { promise: isStarted, resolve: started } = Promise.withResolvers<void>();
    const executor: Executor = {
      start: () => {
        started();
        const { promise: ended, resolve } = Promise.withResolvers<Ending>();
        return {
          started: Promise.resolve(1),
          ended,
          stop: (_cause, grace) => {
            graces.push(grace);
            resolve({
              outcome: { status: 'failed', reason: 'lost', detail: 'drained', exitCode: null, signal: null },
              durationMs: 1,
              left: [],
            });
          },
        };
      },
      close: async () => {},
    };
    const worker = await bench.worker({ executor, drainTimeoutMs: 0 });
    await bench.submit('true', { killGraceSeconds });
    await isStarted;
    await worker.stop();
    expect(graces).toEqual([graceMs]);
  });

  it('ends at once what runs when asked again', async () => {
    const worker = await bench.worker({ drainTimeoutMs: 1e9 });
    const run = await bench.submit(`trap '' TERM; echo up; while :; do sleep 0.05; done`, { killGraceSeconds: 1_000 });
    await bench.printed(run, 'up');
    const stopped = worker.stop();
    await worker.stop({ now: true });
    await stopped;
    expect((await bench.store.getRun(run))?.run).toMatchObject({ status: 'failed', reason: 'lost', signal: 'SIGKILL' });
  });

  it('gives back what a claim brought too late', async () => {
    const run = await bench.submit('touch "$HOME/started"', { env: { HOME: bench.folder.path } });
    const reply = bench.link.holdReply('claim');
    const claimed = bench.link.nextCall('claim');
    const worker = await bench.worker();
    await claimed;
    await bench.until(run, 'the claim', (seen) => seen.run.status === 'running');
    const stopped = worker.stop();
    reply();
    await stopped;
    expect((await bench.store.getRun(run))?.run).toMatchObject({ status: 'pending', attempt: 0 });
    expect(await readdir(bench.folder.path)).not.toContain('started');
  });

  it('does not wait for a store that is away when nothing runs', async () => {
    const worker = await bench.worker({ drainTimeoutMs: 1e9 });
    bench.link.refuse('claim');
    const tried = bench.link.nextCall('claim');
    await bench.submit('true');
    await tried;
    await worker.stop({ now: true });
  });

  it('leaves nothing behind, whenever it comes', async () => {
    await bench.submitAll(Array.from({ length: 40 }, () => 'sleep 0.01'));
    for (let round = 0; round < 10; round++) {
      const moment = bench.link.nextCall(round % 2 === 0 ? 'heartbeat' : 'claim');
      const worker = bench.worker({ concurrency: 4 });
      await moment;
      await (await worker).stop({ now: round % 3 === 0 });
      const { runs } = await bench.store.counts();
      expect(runs.running).toBe(0);
    }
  });

  it('is quick without runs, and may come at any time, also twice', async () => {
    const worker = await bench.worker();
    await Promise.all([worker.stop(), worker.stop()]);
    await worker.stop({ now: true });
  });

  it('leaves nothing when the store is away', async () => {
    const worker = await bench.worker({ drainTimeoutMs: 50 });
    const run = await bench.submit('echo $$; sleep 100');
    const pid = Number.parseInt(await bench.printed(run, '\n'), 10);
    for (const method of ['finish', 'claim', 'renew', 'heartbeat', 'appendOutput'] as const) bench.link.refuse(method);
    await worker.stop({ now: true });
    expect(isAlive(pid)).toBe(false);
  });
});

describe('a start', () => {
  it('fails when the store does not answer, and leaves nothing behind', async () => {
    bench.link.refuse('heartbeat');
    await expect(bench.worker()).rejects.toMatchObject({ code: 'engine_unavailable' });
  });

  it('decides the runs of a worker that died', async () => {
    const dead = workerId(randomUUID());
    const run = await bench.submit('true', { retries: 1 });
    const info = {
      id: dead,
      name: 'old',
      host: 'host.example',
      pid: 1,
      instance: { bootId: null, pidNamespace: null, startedTicks: null },
      version: '0',
      queues: ['default'],
      concurrency: 1,
    };
    await bench.store.heartbeat({ ...info, running: 1, state: 'active' });
    await bench.store.claim({ owner: dead, worker: 'old', queues: ['default'], limit: 1, claimNumber: 1 });
    await bench.worker();
    expect((await bench.finished(run)).run).toMatchObject({ status: 'succeeded', attempt: 2, worker: 'w1' });
  });

  it('is seen before the first claim', async () => {
    await bench.worker({ queues: ['default', 'more'] });
    const seen = await eventually(bench.store, 'the worker', async () => (await bench.store.workers())[0] ?? null);
    expect(seen).toMatchObject({
      name: 'w1',
      queues: ['default', 'more', 'host:w1'],
      concurrency: 16,
      state: 'active',
    });
  });
});
