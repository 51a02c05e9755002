import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { jobId } from '../../src/domain/id.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { KEPT_VERSIONS } from '../../src/domain/job.ts';
import { IDEMPOTENCY_HOURS, type NewJob } from '../../src/store/jobs.ts';
import { cronDefinition, newJob, onceDefinition } from '../support/definitions.ts';
import { contract } from './contract.ts';
import { EXIT_1, KILLED } from './test-worker.ts';
import { answer, only } from './world.ts';

contract('creating jobs', (it) => {
  it('stores a once job with its first version and its run', async ({ world }) => {
    const definition = onceDefinition({
      name: 'nightly',
      command: "echo 'Hello'",
      env: { A: 'ä\n' },
      tags: ['x', 'y'],
    });
    const job = await world.create(newJob(definition));
    const now = await world.now();
    expect(job).toMatchObject({ version: 1, definition, status: 'pending', createdAt: now, updatedAt: now });
    expect(job).toMatchObject({ nextSlot: null, lastSlot: null, lastRun: { number: 1, status: 'pending' } });
    expect(await world.job(job.id)).toEqual(job);
    const run = only(await world.runs(job.id));
    expect(run).toMatchObject({ id: `${job.id}.1`, jobId: job.id, jobName: 'nightly', number: 1, trigger: 'submit' });
    expect(run).toMatchObject({ status: 'pending', place: 'queue', attempt: 0, startedAt: null, scheduledFor: null });
    expect(run).toMatchObject({ reason: null, worker: null, finishedAt: null, outputBytes: 0, cancelRequested: false });
    expect(await world.store.jobVersions(job.id)).toEqual([{ version: 1, definition, createdAt: now }]);
  });

  it('keeps the run of a later once job from being claimed before its time', async ({ world }) => {
    const runAt = (await world.now()) + HOUR;
    const job = await world.once({ runAt });
    expect(only(await world.runs(job.id))).toMatchObject({ place: 'delay', readyAt: runAt, scheduledFor: runAt });
    world.clock.set(runAt - 1);
    expect(await world.worker().claimedIds()).toEqual([]);
    world.clock.set(runAt);
    expect(await world.worker().claimedIds()).toEqual([`${job.id}.1`]);
  });

  it('makes the run of a once job whose time has passed claimable at once', async ({ world }) => {
    const job = await world.once({ runAt: (await world.now()) - HOUR });
    expect(await world.worker().claimedIds()).toEqual([`${job.id}.1`]);
  });

  it('stores a cron job with its next slot and no run', async ({ world }) => {
    const definition = cronDefinition({ name: 'every-minute', endsAt: (await world.now()) + DAY, jitterSeconds: 3 });
    const nextSlot = (await world.now()) + MINUTE;
    const job = await world.create(newJob(definition, { nextSlot }));
    expect(job).toMatchObject({ definition, status: 'scheduled', nextSlot, lastSlot: null, lastRun: null });
    expect(await world.runs(job.id)).toEqual([]);
  });

  it('calls a cron job without a slot finished', async ({ world }) => {
    expect(await world.cron({}, null)).toMatchObject({ status: 'finished', nextSlot: null });
  });

  it('answers each of a batch in its order', async ({ world }) => {
    const jobs = Array.from({ length: 250 }, (_, index) => newJob(onceDefinition({ command: `echo ${index}` })));
    const results = await world.store.createJobs(jobs, null);
    expect(results.map((result) => answer(result, 'created').job.id)).toEqual(jobs.map(({ id }) => id));
  });

  it('takes an empty batch', async ({ world }) => {
    expect(await world.store.createJobs([], null)).toEqual([]);
  });

  it('answers existing for a known id, and changes nothing', async ({ world }) => {
    const first = newJob(onceDefinition({ command: 'first' }));
    const made = await world.create(first);
    const again = only(
      await world.store.createJobs([{ ...first, definition: onceDefinition({ command: 'second' }) }], null),
    );
    expect(again).toEqual({ status: 'existing', by: 'id', job: made });
    expect(await world.runs(made.id)).toHaveLength(1);
  });

  it('answers existing for a known name', async ({ world }) => {
    const made = await world.once({ name: 'taken' });
    const other = newJob(cronDefinition({ name: 'taken' }));
    expect(only(await world.store.createJobs([other], null))).toEqual({ status: 'existing', by: 'name', job: made });
    expect(await world.store.findJob(other.id)).toEqual({ status: 'not_found' });
  });

  it('finds the second of a name in one batch existing', async ({ world }) => {
    const batch = [newJob(onceDefinition({ name: 'same' })), newJob(onceDefinition({ name: 'same' }))];
    const [first, second] = await world.store.createJobs(batch, null);
    expect(first).toMatchObject({ status: 'created' });
    expect(second).toMatchObject({ status: 'existing', by: 'name', job: { id: batch[0]?.id } });
  });

  it('tells names apart by case, and no name from no name', async ({ world }) => {
    await world.once({ name: 'Job' });
    await world.once({ name: 'job' });
    await world.once();
    await world.once();
    expect((await world.store.counts()).jobs.once).toBe(4);
  });

  it('answers existing for a known id before it asks for the name', async ({ world }) => {
    const job = newJob(onceDefinition({ name: 'repeated' }));
    const made = await world.create(job);
    expect(only(await world.store.createJobs([job], null))).toEqual({ status: 'existing', by: 'id', job: made });
  });
});

contract('requests that are sent again', (it) => {
  const request = { key: 'k1', fingerprint: 'f1' };
  const other = { key: 'k1', fingerprint: 'f2' };
  const one = (): NewJob => newJob(onceDefinition());

  it('find what they made, and make what they did not', async ({ world }) => {
    const [first, second] = [one(), one()];
    const made = answer(only(await world.store.createJobs([first], request)), 'created').job;
    const again = await world.store.createJobs([first, second], request);
    expect(again).toMatchObject([
      { status: 'existing', by: 'id', job: made },
      { status: 'created', job: { id: second.id } },
    ]);
  });

  it('are told from misuses of their key, of which nothing is made', async ({ world }) => {
    await world.store.createJobs([one()], request);
    const misuse = await world.store.createJobs([one(), one()], other);
    expect(misuse).toEqual([{ status: 'key_reused' }, { status: 'key_reused' }]);
    expect((await world.store.counts()).jobs.once).toBe(1);
    expect(await world.store.createJobs([one()], { key: 'k2', fingerprint: 'f2' })).toMatchObject([
      { status: 'created' },
    ]);
  });

  it('keep their key when they made nothing', async ({ world }) => {
    expect(await world.store.rememberRequest(request)).toBe('remembered');
    expect(await world.store.rememberRequest(request)).toBe('remembered');
    expect(await world.store.rememberRequest({ ...request, fingerprint: 'other' })).toBe('key_reused');
    expect(await world.store.createJobs([one()], other)).toEqual([{ status: 'key_reused' }]);
    const named = await world.once({ name: 'taken' });
    const clash = newJob(onceDefinition({ name: 'taken' }));
    expect(await world.store.createJobs([clash], { key: 'k2', fingerprint: 'f1' })).toEqual([
      { status: 'existing', by: 'name', job: named },
    ]);
    expect(await world.store.createJobs([one()], { key: 'k2', fingerprint: 'f2' })).toEqual([{ status: 'key_reused' }]);
  });

  it('keep their key when what they made is gone', async ({ world }) => {
    const job = one();
    await world.store.createJobs([job], request);
    await world.store.deleteJob(job.id, true);
    expect(await world.store.createJobs([one()], other)).toEqual([{ status: 'key_reused' }]);
    expect(await world.store.createJobs([job], request)).toMatchObject([{ status: 'existing', by: 'id' }]);
  });

  it('keep their key for a day, and no longer', async ({ world }) => {
    await world.store.createJobs([one()], request);
    world.clock.advance(IDEMPOTENCY_HOURS * HOUR - SECOND);
    expect(await world.store.createJobs([one()], request)).toMatchObject([{ status: 'created' }]);
    expect(await world.store.createJobs([one()], other)).toEqual([{ status: 'key_reused' }]);
    world.clock.advance(2 * SECOND);
    expect(await world.store.createJobs([one()], other)).toMatchObject([{ status: 'created' }]);
  });
});

contract('editing jobs', (it) => {
  it('raises the version, and the next attempt uses it', async ({ world }) => {
    const job = await world.once({ command: 'old' });
    world.clock.advance(SECOND);
    const definition = onceDefinition({ command: 'new' });
    const result = await world.store.updateJob({ job: job.id, ifVersion: 1, definition, nextSlot: 'keep' });
    expect(answer(result, 'updated').job).toMatchObject({ version: 2, definition, createdAt: job.createdAt });
    expect(answer(result, 'updated').job.updatedAt).toBe(await world.now());
    expect(await world.worker().claimed()).toMatchObject({ version: 2, definition });
  });

  it('leaves the version of an attempt that was claimed before', async ({ world }) => {
    const job = await world.once({ retries: 1 });
    const worker = world.worker();
    const held = await worker.claimed();
    await world.store.updateJob({
      job: job.id,
      ifVersion: null,
      definition: onceDefinition({ command: 'b' }),
      nextSlot: 'keep',
    });
    await worker.retry(held, await world.now());
    await worker.claimed();
    expect((await world.attempts(held.run)).map(({ version }) => version)).toEqual([1, 2]);
  });

  it(`keeps the last ${KEPT_VERSIONS} versions, newest first`, async ({ world }) => {
    const job = await world.once();
    for (let version = 2; version <= KEPT_VERSIONS + 3; version++) {
      const definition = onceDefinition({ command: `v${version}` });
      await world.store.updateJob({ job: job.id, ifVersion: version - 1, definition, nextSlot: 'keep' });
    }
    const kept = await world.store.jobVersions(job.id);
    expect(kept.map(({ version }) => version)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
    expect(kept.map(({ definition }) => definition.command)).toEqual(kept.map(({ version }) => `v${version}`));
  });

  it('refuses an edit of another version', async ({ world }) => {
    const job = await world.once();
    const edit = { job: job.id, definition: onceDefinition({ command: 'b' }), nextSlot: 'keep' } as const;
    await world.store.updateJob({ ...edit, ifVersion: 1 });
    expect(await world.store.updateJob({ ...edit, ifVersion: 1 })).toEqual({ status: 'conflict', version: 2 });
    expect(await world.job(job.id)).toMatchObject({ version: 2 });
  });

  it('knows no unknown job', async ({ world }) => {
    const job = jobId(randomUUID());
    const edit = { job, ifVersion: null, definition: onceDefinition(), nextSlot: 'keep' } as const;
    expect(await world.store.updateJob(edit)).toEqual({ status: 'not_found' });
    expect(await world.store.jobVersions(job)).toEqual([]);
  });

  it('keeps the next slot, moves it, or takes it away', async ({ world }) => {
    const job = await world.cron();
    const edit = { job: job.id, ifVersion: null, definition: cronDefinition({ command: 'b' }) };
    const update = async (nextSlot: number | null | 'keep') =>
      answer(await world.store.updateJob({ ...edit, nextSlot }), 'updated').job;
    expect(await update('keep')).toMatchObject({ nextSlot: job.nextSlot, status: 'scheduled' });
    const later = (await world.now()) + HOUR;
    expect(await update(later)).toMatchObject({ nextSlot: later, status: 'scheduled' });
    expect(await update(null)).toMatchObject({ nextSlot: null, status: 'finished' });
    expect(await update(later)).toMatchObject({ nextSlot: later, status: 'scheduled' });
  });

  it('never sets a next slot that is not after now', async ({ world }) => {
    const job = await world.cron();
    const now = await world.now();
    const edit = { job: job.id, ifVersion: null, definition: cronDefinition({ command: 'b' }), nextSlot: now };
    expect(await world.store.updateJob(edit)).toEqual({ status: 'stale', now, lastSlot: null });
    expect(await world.job(job.id)).toMatchObject({ version: 1, nextSlot: job.nextSlot });
  });

  it('never sets a next slot that is not after the last slot', async ({ world }) => {
    const job = await world.cron();
    await world.fire(job.id);
    const fired = await world.job(job.id);
    const back = (fired.lastSlot ?? 0) - HOUR;
    world.clock.set(back);
    const edit = { job: job.id, ifVersion: null, definition: cronDefinition() };
    const stale = await world.store.updateJob({ ...edit, nextSlot: fired.lastSlot });
    expect(stale).toEqual({ status: 'stale', now: back, lastSlot: fired.lastSlot });
    const next = (fired.lastSlot ?? 0) + 1;
    expect(await world.store.updateJob({ ...edit, nextSlot: next })).toMatchObject({
      status: 'updated',
      job: { nextSlot: next },
    });
  });

  it('leaves a paused job without a slot, whatever is said', async ({ world }) => {
    const job = await world.cron();
    await world.store.pauseJob(job.id);
    const edit = { job: job.id, ifVersion: null, definition: cronDefinition({ command: 'b' }), nextSlot: 1 };
    expect(await world.store.updateJob(edit)).toMatchObject({
      status: 'updated',
      job: { status: 'paused', nextSlot: null },
    });
  });
});

contract('pausing and resuming', (it) => {
  it('stops slots, not runs', async ({ world }) => {
    const job = await world.cron();
    const run = await world.fired(job.id);
    const paused = answer(await world.store.pauseJob(job.id), 'paused').job;
    expect(paused).toMatchObject({ status: 'paused', nextSlot: null });
    world.clock.advance(HOUR);
    expect((await world.store.tick(250)).due).toEqual([]);
    expect(await world.worker().claimedIds()).toEqual([run.id]);
  });

  it('forgets the slots that passed while paused', async ({ world }) => {
    const job = await world.cron();
    await world.store.pauseJob(job.id);
    world.clock.advance(HOUR);
    const next = (await world.now()) + MINUTE;
    expect(answer(await world.store.resumeJob(job.id, next), 'resumed').job).toMatchObject({
      status: 'scheduled',
      nextSlot: next,
    });
    expect((await world.store.tick(250)).due).toEqual([]);
  });

  it('answers the same again', async ({ world }) => {
    const job = await world.cron();
    const once = await world.store.pauseJob(job.id);
    expect(await world.store.pauseJob(job.id)).toEqual(once);
    const next = (await world.now()) + MINUTE;
    const resumed = await world.store.resumeJob(job.id, next);
    expect(await world.store.resumeJob(job.id, next)).toEqual(resumed);
  });

  it('leaves the slot of a job that was not paused alone', async ({ world }) => {
    const job = await world.cron();
    const result = await world.store.resumeJob(job.id, (job.nextSlot ?? 0) + HOUR);
    expect(answer(result, 'resumed').job.nextSlot).toBe(job.nextSlot);
  });

  it('never resumes at a slot that is not after now and the last slot', async ({ world }) => {
    const job = await world.cron();
    await world.fire(job.id);
    const lastSlot = await world.now();
    await world.store.pauseJob(job.id);
    expect(await world.store.resumeJob(job.id, lastSlot)).toEqual({ status: 'stale', now: lastSlot, lastSlot });
    world.clock.set(lastSlot - HOUR);
    expect(await world.store.resumeJob(job.id, lastSlot - MINUTE)).toMatchObject({ status: 'stale', lastSlot });
    expect(await world.job(job.id)).toMatchObject({ status: 'paused' });
    expect(await world.store.resumeJob(job.id, lastSlot + 1)).toMatchObject({ status: 'resumed' });
  });

  it('is finished when there is no slot to resume at', async ({ world }) => {
    const job = await world.cron();
    await world.store.pauseJob(job.id);
    expect(answer(await world.store.resumeJob(job.id, null), 'resumed').job).toMatchObject({
      status: 'finished',
      nextSlot: null,
    });
  });

  it('is not for once jobs, nor for unknown ones', async ({ world }) => {
    const { id } = await world.once();
    const next = (await world.now()) + MINUTE;
    expect(await world.store.pauseJob(id)).toEqual({ status: 'not_a_schedule' });
    expect(await world.store.resumeJob(id, next)).toEqual({ status: 'not_a_schedule' });
    const unknown = jobId(randomUUID());
    expect(await world.store.pauseJob(unknown)).toEqual({ status: 'not_found' });
    expect(await world.store.resumeJob(unknown, next)).toEqual({ status: 'not_found' });
  });
});

contract('deleting jobs', (it) => {
  it('takes the job away and frees its name', async ({ world }) => {
    const job = await world.cron({ name: 'gone' });
    expect(await world.store.deleteJob(job.id, false)).toEqual({ status: 'deleted' });
    expect(await world.store.findJob(job.id)).toEqual({ status: 'not_found' });
    expect(await world.store.findJob('gone')).toEqual({ status: 'not_found' });
    expect((await world.store.listJobs({}, 10, null)).rows).toEqual([]);
    world.clock.advance(HOUR);
    expect((await world.store.tick(250)).due).toEqual([]);
    expect(await world.once({ name: 'gone' })).toMatchObject({ status: 'pending' });
  });

  it('refuses everything else to a deleted job', async ({ world }) => {
    const { id } = await world.cron();
    await world.store.deleteJob(id, false);
    expect(await world.store.deleteJob(id, false)).toEqual({ status: 'not_found' });
    expect(await world.store.pauseJob(id)).toEqual({ status: 'not_found' });
    expect(await world.store.resumeJob(id, null)).toEqual({ status: 'not_found' });
    expect(await world.trigger(id)).toEqual({ status: 'not_found' });
    const edit = { job: id, ifVersion: null, definition: cronDefinition(), nextSlot: 'keep' } as const;
    expect(await world.store.updateJob(edit)).toEqual({ status: 'not_found' });
  });

  it('cancels pending runs wherever they wait', async ({ world }) => {
    const job = await world.cron({ overlap: 'queue', retries: 1 });
    const first = await world.fired(job.id);
    const worker = world.worker();
    await worker.retry(await worker.claimed(), (await world.now()) + HOUR);
    const waiting = await world.fired(job.id);
    expect(await world.run(waiting.id)).toMatchObject({ place: 'turn' });
    expect(await world.store.deleteJob(job.id, false)).toEqual({ status: 'deleted' });
    for (const id of [first.id, waiting.id]) {
      expect(await world.run(id)).toMatchObject({
        status: 'cancelled',
        reason: 'deleted',
        place: null,
        finishedAt: await world.now(),
      });
    }
    world.clock.advance(DAY);
    expect(await worker.claimedIds()).toEqual([]);
  });

  it('does nothing while a run of it is running, without force', async ({ world }) => {
    const job = await world.cron({ overlap: 'allow' });
    await world.fire(job.id);
    const { run } = await world.worker().claimed();
    const pending = await world.fired(job.id);
    expect(await world.store.deleteJob(job.id, false)).toEqual({ status: 'running', runs: [run] });
    expect(await world.run(run)).toMatchObject({ status: 'running', cancelRequested: false });
    expect(await world.run(pending.id)).toMatchObject({ status: 'pending' });
    expect(await world.job(job.id)).toMatchObject({ status: 'scheduled' });
  });

  it('with force, flags what is running, which then ends as cancelled', async ({ world }) => {
    const job = await world.cron({ name: 'busy', retries: 3 });
    await world.fire(job.id);
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.store.deleteJob(job.id, true)).toEqual({ status: 'deleted' });
    expect(await world.run(held.run)).toMatchObject({ status: 'running', cancelRequested: true });
    expect(await worker.renew(held)).toBe('cancel');
    expect(await worker.finish(held, KILLED)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'cancelled', reason: 'deleted', jobName: 'busy' });
  });

  it('never runs a deleted job again, though its attempt could be retried', async ({ world }) => {
    const job = await world.once({ retries: 3 });
    const worker = world.worker();
    const held = await worker.claimed();
    await world.store.deleteJob(job.id, true);
    expect(await worker.finish(held, EXIT_1, { retryAt: await world.now() })).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'cancelled', reason: 'deleted' });
  });

  it('leaves runs and output to be read', async ({ world }) => {
    const job = await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('kept') });
    await worker.finish(held);
    await world.store.deleteJob(job.id, false);
    expect(await world.run(held.run)).toMatchObject({ status: 'succeeded' });
    expect(await world.store.readOutput(held.run, 1, 0)).toMatchObject({ total: 4, ended: true });
  });
});

contract('finding jobs', (it) => {
  it('by id, by name, by prefix of an id', async ({ world }) => {
    const job = await world.once({ name: 'nightly' });
    for (const ref of [job.id, 'nightly', job.id.slice(0, 4), job.id.slice(0, 13)]) {
      expect(await world.store.findJob(ref)).toEqual({ status: 'found', job });
    }
  });

  it('not by less than four characters, nor by what nothing starts with', async ({ world }) => {
    const { id } = await world.once({ name: 'nightly' });
    for (const ref of [
      id.slice(0, 3),
      '',
      'night',
      'NIGHTLY',
      '%',
      '____',
      `${id}0`,
      id.slice(1),
      jobId(randomUUID()),
    ]) {
      expect(await world.store.findJob(ref)).toEqual({ status: 'not_found' });
    }
  });

  it('says so when several ids begin like that', async ({ world }) => {
    const ids = ['aaaa1111-0000-4000-8000-000000000001', 'aaaa1111-0000-4000-8000-000000000002'].map((id) => jobId(id));
    for (const id of ids) await world.create(newJob(onceDefinition(), { id }));
    const found = answer(await world.store.findJob('aaaa1111'), 'ambiguous');
    expect(found.jobs.toSorted()).toEqual(ids);
    expect(await world.store.findJob('aaaa1111-0000-4000-8000-000000000002')).toMatchObject({
      status: 'found',
      job: { id: ids[1] },
    });
  });

  it('prefers a name to a prefix, and knows a deleted one no more', async ({ world }) => {
    const first = await world.create(newJob(onceDefinition(), { id: jobId('beef1111-0000-4000-8000-000000000001') }));
    const named = await world.once({ name: 'beef' });
    expect(await world.store.findJob('beef')).toMatchObject({ job: { id: named.id } });
    await world.store.deleteJob(named.id, false);
    expect(await world.store.findJob('beef')).toMatchObject({ job: { id: first.id } });
    await world.store.deleteJob(first.id, false);
    expect(await world.store.findJob('beef')).toEqual({ status: 'not_found' });
  });
});

contract("a once job's status", (it) => {
  it("is its latest run's", async ({ world }) => {
    const job = await world.once();
    const worker = world.worker();
    const status = async () => (await world.job(job.id)).status;
    expect(await status()).toBe('pending');
    const held = await worker.claimed();
    expect(await status()).toBe('running');
    world.clock.advance(SECOND);
    await worker.finish(held, EXIT_1);
    expect(await world.job(job.id)).toMatchObject({
      status: 'failed',
      lastRun: {
        id: held.run,
        number: 1,
        status: 'failed',
        reason: 'exit',
        startedAt: job.createdAt,
        finishedAt: await world.now(),
      },
    });
    const again = answer(await world.trigger(job.id, { trigger: 'retry' }), 'triggered').run;
    expect(again).toMatchObject({ number: 2, trigger: 'retry', scheduledFor: null });
    expect(await world.job(job.id)).toMatchObject({ status: 'pending', lastRun: { id: again.id } });
    await world.store.cancel(again.id);
    expect(await status()).toBe('cancelled');
  });
});
