import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { jobId, runId } from '../../src/domain/id.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { LEASE } from '../../src/store/leases.ts';
import { contactDeadlines } from '../../src/worker/contact.ts';
import { onceDefinition } from '../support/definitions.ts';
import { contract } from './contract.ts';
import { EXIT_1 } from './test-worker.ts';

contract('release', (it) => {
  it('gives a run back as if it had not been claimed, but for the fence', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await worker.release(held)).toBe('ok');
    const { run, attempts } = await world.runAndAttempts(held.run);
    expect(run).toMatchObject({ status: 'pending', place: 'queue', attempt: 0, startedAt: null, worker: null });
    expect(attempts).toEqual([]);
    const next = await world.worker().claimed();
    expect(next).toMatchObject({ run: held.run, attempt: 1 });
    expect(next.fence).toBeGreaterThan(held.fence);
  });

  it('makes it claimable at once, also when the clock stepped back a little since it was made', async ({ world }) => {
    await world.once();
    world.clock.advance(-SECOND / 2);
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.release(held);
    expect(await world.run(held.run)).toMatchObject({ place: 'queue' });
    expect(await world.worker().claimed()).toMatchObject({ run: held.run });
  });

  it('takes nothing from the attempts before', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    await worker.retry(await worker.claimed(), await world.now());
    const second = await worker.claimed();
    await worker.release(second);
    expect(await world.runAndAttempts(second.run)).toMatchObject({
      run: { attempt: 1 },
      attempts: [{ number: 1, outcome: EXIT_1 }],
    });
    expect(await worker.claimed()).toMatchObject({ attempt: 2 });
  });

  it('answers duplicate to a repeat, also when another has the run', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.release(held);
    expect(await worker.release(held)).toBe('duplicate');
    await world.worker().claimed();
    expect(await worker.release(held)).toBe('duplicate');
    expect(await world.run(held.run)).toMatchObject({ status: 'running' });
  });

  it('is lost for another owner or fence', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.worker().release(held)).toBe('lost');
    expect(await worker.release({ ...held, fence: held.fence + 1 })).toBe('lost');
    expect(await world.run(held.run)).toMatchObject({ status: 'running' });
  });

  it('leaves the released claim without a say', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await worker.release(held);
    expect(await worker.renew(held)).toBe('lost');
    expect(await worker.finish(held)).not.toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'pending' });
  });
});

contract('renew', (it) => {
  it('keeps a lease for as long as one renews', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    for (let n = 0; n < 12; n++) {
      expect(await world.pass(5 * SECOND)).toEqual({ flagged: [], lost: [] });
      expect(await worker.renew(held)).toBe('ok');
    }
    expect(await world.run(held.run)).toMatchObject({ status: 'running', contactLostAt: null });
  });

  it('answers each of many', async ({ world }) => {
    for (let n = 0; n < 3; n++) await world.once();
    const worker = world.worker();
    const [a, b, c] = (await worker.claim(3)).claimed;
    if (a === undefined || b === undefined || c === undefined) throw new Error('claimed too few');
    await world.store.cancel(b.run);
    await worker.finish(c);
    expect(await world.store.renew(worker.owner, [a, b, c])).toEqual(['ok', 'cancel', 'lost']);
    expect(await world.store.renew(worker.owner, [])).toEqual([]);
  });

  it('is lost for another owner, another fence, an unknown run, and after a retry', async ({ world }) => {
    await world.once({ retries: 1 });
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.worker().renew(held)).toBe('lost');
    expect(await worker.renew({ ...held, fence: held.fence + 1 })).toBe('lost');
    expect(await worker.renew({ ...held, run: runId(jobId(randomUUID()), 1) })).toBe('lost');
    await worker.retry(held, await world.now());
    expect(await worker.renew(held)).toBe('lost');
    await world.worker().claimed();
    expect(await worker.renew(held)).toBe('lost');
  });

  it('takes up again a run whose claim the engine forgot', async ({ world }) => {
    const job = await world.once();
    const worker = world.worker('web-1');
    const held = { run: runId(job.id, 1), fence: 7 };
    expect(await worker.renew(held)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'running', attempt: 1, place: null });
    expect(await world.attempts(held.run)).toMatchObject([{ fence: 7, owner: worker.owner, outcome: null }]);
    expect(await world.worker().claimedIds()).toEqual([]);
    expect(await worker.finish(held)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'succeeded' });
  });

  it('takes up again what a late end is for', async ({ world }) => {
    const job = await world.once();
    const worker = world.worker();
    const held = { run: runId(job.id, 1), fence: 7 };
    expect(await worker.finish(held)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'succeeded' });
    expect(await worker.finish(held)).toBe('duplicate');
  });

  it('takes up again what late output is for, before any renewal', async ({ world }) => {
    const job = await world.once();
    const worker = world.worker();
    const held = { run: runId(job.id, 1), fence: 7 };
    expect(await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('on') })).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'running', attempt: 1, outputBytes: 2 });
    expect(await worker.renew(held)).toBe('ok');
    expect(await world.worker().append(held, 2, { stream: 'stdout', at: 1, bytes: Buffer.from('x') })).toBe('lost');
    expect(await worker.finish(held)).toBe('ok');
    expect(await worker.append({ ...held, fence: 8 }, 0)).toBe('lost');
  });

  it('takes up nothing that is final', async ({ world }) => {
    const job = await world.once();
    await world.store.cancel(runId(job.id, 1));
    expect(await world.worker().renew({ run: runId(job.id, 1), fence: 7 })).toBe('lost');
    expect(await world.run(runId(job.id, 1))).toMatchObject({ status: 'cancelled' });
  });
});

contract('a lapsed lease', (it) => {
  it('is flagged within 16 s of the last sign, not before 15 s', async ({ world }) => {
    await world.once();
    const { run } = await world.worker().claimed();
    expect(await world.pass(LEASE - SECOND)).toEqual({ flagged: [], lost: [] });
    expect(await world.pass(2 * SECOND)).toEqual({ flagged: [run], lost: [] });
    const flagged = await world.run(run);
    expect(flagged.status).toBe('running');
    expect(flagged.contactLostAt).toBeGreaterThan(0);
    expect(await world.pass(10 * SECOND)).toEqual({ flagged: [], lost: [] });
  });

  it('is healed by a renewal', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await world.pass(60 * SECOND);
    expect(await worker.renew(held)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'running', contactLostAt: null });
    expect(await world.pass(14 * SECOND)).toEqual({ flagged: [], lost: [] });
    expect(await world.pass(2 * SECOND)).toEqual({ flagged: [held.run], lost: [] });
  });

  it('still lets its worker end the run before it is decided', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    const held = await worker.claimed();
    await world.pass(70 * SECOND);
    expect(await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('late') })).toBe('ok');
    expect(await worker.finish(held)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'succeeded', contactLostAt: null, outputBytes: 4 });
    expect(await world.pass(60 * SECOND)).toEqual({ flagged: [], lost: [] });
  });

  it('is decided lostAfterSeconds later: failed without retries', async ({ world }) => {
    await world.once({ lostAfterSeconds: 30 });
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.pass(44 * SECOND)).toEqual({ flagged: [held.run], lost: [] });
    expect(await world.pass(3 * SECOND)).toEqual({ flagged: [], lost: [held.run] });
    expect(await world.run(held.run)).toMatchObject({
      status: 'failed',
      reason: 'lost',
      contactLostAt: null,
      attempt: 1,
    });
    expect(await world.attempts(held.run)).toMatchObject([{ outcome: { status: 'failed', reason: 'lost' } }]);
    expect(await worker.finish(held)).toBe('lost');
    expect(await worker.finish(held)).toBe('lost');
    expect(await worker.renew(held)).toBe('lost');
    expect(await worker.release(held)).toBe('lost');
    expect(await worker.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('x') })).toBe('lost');
    expect(await world.run(held.run)).toMatchObject({ status: 'failed', reason: 'lost' });
  });

  it('is decided: retried at once with retries left, and the attempt counts', async ({ world }) => {
    await world.once({ retries: 1, retryDelaySeconds: 3_600 });
    const worker = world.worker();
    const held = await worker.claimed();
    expect(await world.pass(77 * SECOND)).toEqual({ flagged: [held.run], lost: [held.run] });
    expect(await world.run(held.run)).toMatchObject({
      status: 'pending',
      place: 'queue',
      contactLostAt: null,
      cancelRequested: false,
    });
    const next = await world.worker('w2').claimed();
    expect(next).toMatchObject({ run: held.run, attempt: 2 });
    expect(next.fence).toBeGreaterThan(held.fence);
    expect(await worker.finish(held)).toBe('lost');
    expect(await world.run(held.run)).toMatchObject({ status: 'running', worker: 'w2' });
    await world.pass(77 * SECOND);
    expect(await world.run(held.run)).toMatchObject({ status: 'failed', reason: 'lost', attempt: 2 });
  });

  it.for([
    { onLost: 'fail', retries: 5, expected: 'failed' },
    { onLost: 'retry', retries: 5, expected: 'pending' },
    { onLost: 'retry', retries: 0, expected: 'failed' },
  ] as const)(
    'is decided as onLost $onLost with $retries retries says: $expected',
    async ({ onLost, retries, expected }, { world }) => {
      await world.once({ onLost, retries });
      const { run } = await world.worker().claimed();
      await world.pass(77 * SECOND);
      expect(await world.run(run)).toMatchObject({ status: expected });
    },
  );

  it('is decided as soon as it lapses when lostAfterSeconds is 0', async ({ world }) => {
    await world.once({ lostAfterSeconds: 0 });
    const { run } = await world.worker().claimed();
    expect((await world.pass(14 * SECOND)).lost).toEqual([]);
    expect((await world.pass(2 * SECOND)).lost).toEqual([run]);
    expect(await world.run(run)).toMatchObject({ status: 'failed', reason: 'lost' });
  });

  it.for([
    { back: 'retry', lostAfterSeconds: 600, retries: 5 },
    { back: 'release', lostAfterSeconds: 600, retries: 5 },
    { back: 'retry', lostAfterSeconds: 0, retries: 5 },
    { back: 'release', lostAfterSeconds: 0, retries: 5 },
  ] as const)(
    'is decided by the version that is executed, also when a $back and an edit made all usual again ($lostAfterSeconds s before)',
    async ({ back, ...unusual }, { world }) => {
      const job = await world.once(unusual);
      const worker = world.worker();
      const held = await worker.claimed();
      await (back === 'retry' ? worker.retry(held, await world.now()) : worker.release(held));
      await world.store.updateJob({ job: job.id, ifVersion: 1, definition: onceDefinition(), nextSlot: 'keep' });
      expect(await worker.claimed()).toMatchObject({ run: held.run, version: 2 });
      expect(await world.pass(LEASE + 59 * SECOND)).toEqual({ flagged: [held.run], lost: [] });
      expect(await world.pass(3 * SECOND)).toEqual({ flagged: [], lost: [held.run] });
      expect(await world.run(held.run)).toMatchObject({ status: 'failed', reason: 'lost' });
    },
  );

  it('ends a flagged run as cancelled', async ({ world }) => {
    await world.once({ retries: 5 });
    const { run } = await world.worker().claimed();
    await world.store.cancel(run);
    await world.pass(77 * SECOND);
    expect(await world.run(run)).toMatchObject({ status: 'cancelled', reason: 'requested' });
  });

  it('is told of in nextAt', async ({ world }) => {
    await world.once({ lostAfterSeconds: 30 });
    await world.worker().claimed();
    const start = await world.now();
    expect((await world.store.tick(250)).nextAt).toBe(start + LEASE);
    await world.pass(16 * SECOND);
    expect((await world.store.tick(250)).nextAt).toBe(start + LEASE + 30 * SECOND);
  });

  it('is dealt with in steps of the limit', async ({ world }) => {
    for (let n = 0; n < 5; n++) await world.once();
    await world.worker().claim(5);
    await world.store.tick(2);
    await world.pass(14 * SECOND);
    world.clock.advance(2 * SECOND);
    const sizes: number[] = [];
    for (let n = 0; n < 3; n++) {
      const tick = await world.store.tick(2);
      sizes.push(tick.flagged.length);
      if (n < 2) expect(tick.nextAt).toBeLessThanOrEqual(tick.now);
    }
    expect(sizes).toEqual([2, 2, 1]);
  });
});

contract('outage grace', (it) => {
  it.for([
    { what: 'a gap', jump: MINUTE },
    { what: 'a gap of hours', jump: 5 * HOUR },
    { what: 'a gap of a little more than half a lease', jump: 8 * SECOND },
    { what: 'a step back', jump: -HOUR },
    { what: 'a small step back', jump: -2 * SECOND },
    { what: 'a jump of a day', jump: DAY },
  ])('after $what, nothing is flagged or decided for a whole lease, and then it is', async ({ jump }, { world }) => {
    await world.once({ lostAfterSeconds: 0 });
    const { run } = await world.worker().claimed();
    await world.pass(10 * SECOND);
    world.clock.set((await world.now()) + jump);
    expect(await world.store.tick(250)).toMatchObject({ flagged: [], lost: [] });
    expect(await world.pass(LEASE - SECOND)).toEqual({ flagged: [], lost: [] });
    expect(await world.run(run)).toMatchObject({ status: 'running', contactLostAt: null });
    expect((await world.pass(3 * SECOND)).lost).toEqual([run]);
  });

  it('holds back the decision about a run flagged before', async ({ world }) => {
    await world.once({ lostAfterSeconds: 30 });
    const worker = world.worker();
    const held = await worker.claimed();
    await world.pass(40 * SECOND);
    world.clock.advance(HOUR);
    expect(await world.pass(LEASE - SECOND)).toEqual({ flagged: [], lost: [] });
    expect(await worker.renew(held)).toBe('ok');
    expect(await world.run(held.run)).toMatchObject({ status: 'running', contactLostAt: null });
  });

  it.for([
    { what: 'a step forward', jump: HOUR },
    { what: 'a step back', jump: -HOUR },
  ])(
    '$what brings no decision nearer, nor puts it off: a worker that is cut off counts on',
    async ({ jump }, { world }) => {
      await world.once({ lostAfterSeconds: 60 });
      const { run } = await world.worker().claimed();
      await world.pass(LEASE + 5 * SECOND);
      world.clock.set((await world.now()) + jump);
      expect(await world.pass(54 * SECOND)).toEqual({ flagged: [], lost: [] });
      expect((await world.pass(3 * SECOND)).lost).toEqual([run]);
    },
  );

  it('is not needed for a gap of less than half a lease', async ({ world }) => {
    await world.once();
    await world.store.tick(250);
    const { run } = await world.worker().claimed();
    expect(await world.pass(21 * SECOND, 7 * SECOND)).toEqual({ flagged: [run], lost: [] });
  });

  it('counts a claim or a renewal as a sign of the engine', async ({ world }) => {
    await world.once();
    await world.store.tick(250);
    const { run } = await world.worker().claimed();
    const other = world.worker();
    for (let n = 0; n < 5; n++) {
      world.clock.advance(3.5 * SECOND);
      await (n % 2 === 0 ? other.claim() : world.store.renew(other.owner, []));
    }
    expect((await world.store.tick(250)).flagged).toEqual([run]);
  });
});

contract('steps of the clock that are smaller than half a lease', (it) => {
  // With the second between two ticks, more makes a gap.
  const STEPS = [SECOND, 2 * SECOND, 5 * SECOND, 6.4 * SECOND];
  const cases = STEPS.flatMap((step) => [0, 60].map((lostAfterSeconds) => ({ step, lostAfterSeconds })));

  it.for(cases)(
    'of $step ms bring no decision nearer, alone or one after the other ($lostAfterSeconds s)',
    async ({ step, lostAfterSeconds }, { world }) => {
      for (const every of [Infinity, 5, 1]) {
        await world.once({ lostAfterSeconds, retries: 1 });
        await world.store.tick(250);
        const { run } = await world.worker().claimed();
        const { killAt } = contactDeadlines(0, { lostAfterSeconds, killGraceSeconds: 10 });
        let [passed, stepped] = [0, false];
        for (let lost = false; !lost;) {
          if (every === Infinity ? passed === 9 && !stepped : passed % every === 0) {
            world.clock.set((await world.now()) + step);
            stepped = true;
          }
          lost = (await world.pass(SECOND)).lost.includes(run);
          passed += 1;
        }
        expect(passed * SECOND).toBeGreaterThan(killAt);
        expect(passed * SECOND).toBeLessThan(killAt + 12 * SECOND);
        await world.worker().claimed();
      }
    },
  );

  it('are noticed also when workers renew in between', async ({ world }) => {
    await world.once({ lostAfterSeconds: 0 });
    await world.store.tick(250);
    const { run } = await world.worker().claimed();
    const other = world.worker();
    for (let second = 1; second < 14; second += 1) {
      for (let n = 0; n < 3; n += 1) {
        world.clock.set((await world.now()) + 3 * SECOND);
        await world.store.renew(other.owner, []);
      }
      expect((await world.pass(SECOND)).lost).toEqual([]);
    }
    expect((await world.pass(3 * SECOND)).lost).toEqual([run]);
  });

  it('go unnoticed by nobody who has just begun to tick: workers renew first', async ({ world }) => {
    await world.once({ lostAfterSeconds: 0 });
    await world.store.tick(250);
    const { run } = await world.worker().claimed();
    await world.pass(9 * SECOND);
    await world.reopen();
    world.clock.set((await world.now()) + 6 * SECOND);
    expect((await world.pass(14 * SECOND)).lost).toEqual([]);
    expect((await world.pass(3 * SECOND)).lost).toEqual([run]);
  });
});

contract('abandon', (it) => {
  it('decides all of an owner at once, and nothing of others', async ({ world }) => {
    for (let n = 0; n < 3; n++) await world.once({ retries: n });
    const [dead, other] = [world.worker('dead'), world.worker('other')];
    const [failing, retrying] = (await dead.claim(2)).claimed;
    const kept = await other.claimed();
    if (failing === undefined || retrying === undefined) throw new Error('claimed too few');
    expect((await world.store.abandon(dead.owner)).toSorted()).toEqual([failing.run, retrying.run].toSorted());
    expect(await world.run(failing.run)).toMatchObject({ status: 'failed', reason: 'lost' });
    expect(await world.run(retrying.run)).toMatchObject({ status: 'pending', place: 'queue', attempt: 1 });
    expect(await world.run(kept.run)).toMatchObject({ status: 'running' });
    expect(await dead.finish(failing)).toBe('lost');
    expect(await world.store.abandon(dead.owner)).toEqual([]);
  });

  it('ends flagged runs as cancelled', async ({ world }) => {
    await world.once({ retries: 3 });
    const worker = world.worker();
    const { run } = await worker.claimed();
    await world.store.cancel(run);
    await world.store.abandon(worker.owner);
    expect(await world.run(run)).toMatchObject({ status: 'cancelled', reason: 'requested' });
  });
});
