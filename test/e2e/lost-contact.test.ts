/**
 * Servers, workers and their Redis lose each other for a while, on real processes. The tests run side by side, each on a
 * Redis of its own, since what they do is mostly to wait for leases to end.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import type { Client, RunView } from '../../src/client/client.ts';
import { SECOND } from '../../src/domain/instant.ts';
import { LEASE, RENEW_EVERY } from '../../src/store/leases.ts';
import { lifeline, livesOf, type LifelineOptions } from '../support/lifeline.ts';
import { long } from '../support/long.ts';
import { redisProxy } from '../support/redis-proxy.ts';
import { onSite as it, textOf, untilOutput, untilStatus, type Site } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';

/** What a machine that is busy with other things may add to a deadline. */
const SLACK = SECOND;
/** Of all jobs here between TERM and KILL, in seconds. */
const GRACE = 2;

/** How long Redis is away, and the commands take that run meanwhile. */
const [AWAY, COUNTING] = long ? [40 * SECOND, 60 * SECOND] : [8 * SECOND, 10 * SECOND];
const PAUSE = SECOND / 2;
const COUNTS = `for i in $(seq ${COUNTING / PAUSE}); do echo $i; sleep ${PAUSE / SECOND}; done`;
const COUNTED = Array.from({ length: COUNTING / PAUSE }, (_, index) => `${index + 1}\n`).join('');

interface LivingJob extends LifelineOptions {
  readonly queue?: string;
  readonly on_lost: 'retry' | 'fail';
  readonly lost_after_seconds: number;
}

/** Its run, which lives. */
async function living({ folder }: Site, client: Client, { deaf = false, ...fields }: LivingJob): Promise<string> {
  const command = lifeline(witness(folder), { deaf });
  const job = await client.jobs.create({ command, ...fields, retries: 1, kill_grace_seconds: GRACE });
  await untilOutput(client, `${job.id}.1`);
  return `${job.id}.1`;
}

const witness = (folder: string): string => join(folder, 'lives');

const untilContactLost = (client: Client, run: string): Promise<RunView> =>
  untilSeen(client, async () => {
    const seen = await client.runs.get(run);
    return seen.contact_lost ? seen : null;
  });

/** How long something is away is what these tests are about: it is the one thing that they wait for by the clock. */
const sleepUntil = (at: number): Promise<void> => sleep(Math.max(0, at - Date.now()));

/** When the deadline comes that lies so long after the last good renewal, if contact was lost at `since`. */
function expectDeadline(at: number, since: number, after: number): void {
  expect(at - since).toBeGreaterThan(after - RENEW_EVERY - SLACK);
  expect(at - since).toBeLessThan(after + SLACK);
}

describe.concurrent('a Redis that is away', { timeout: long ? 180_000 : 60_000 }, () => {
  it('for longer than a run may be out of contact finds it ended, and decides by its job', async ({ site }) => {
    const [server, works] = await Promise.all([site.serve(), site.worker('w1')]);
    const before = site.clientOf(server);
    const policy = { lost_after_seconds: 0 };
    const fails = await living(site, before, { ...policy, on_lost: 'fail' });
    const deaf = await living(site, before, { ...policy, on_lost: 'retry', deaf: true });
    const awaySince = Date.now();
    site.killRedis();
    await works.said('run is being ended: its lease could not be renewed');
    // The deaf one, which is the last.
    await works.said('run failed and is retried');
    await sleepUntil(awaySince + LEASE + SLACK);
    await site.restartRedis();
    await server.said('storage answers again');

    const client = site.clientOf(server);
    expect(await untilStatus(client, fails, 'failed')).toMatchObject({ attempt: 1, reason: 'lost' });
    expect(await untilStatus(client, deaf, 'succeeded')).toMatchObject({ attempt: 2 });
    const first = (await client.runs.get(deaf)).attempts.at(-1);
    expect(first).toMatchObject({ reason: 'lost', detail: 'the worker lost contact', signal: 'SIGKILL' });
    const [obeyed] = await livesOf(witness(site.folder), fails);
    const [killed, again] = await livesOf(witness(site.folder), deaf);
    expectDeadline(obeyed?.to ?? 0, awaySince, LEASE - (2 + GRACE) * SECOND);
    expectDeadline(killed?.to ?? 0, awaySince, LEASE - 2 * SECOND);
    expect(killed?.to).toBeLessThan(again?.from ?? 0);
  });

  it.runIf(long)(
    'and a worker that dies meanwhile has its run decided one lease after the return',
    async ({ site }) => {
      const [server, ...workers] = await Promise.all([site.serve(), site.worker('w1'), site.worker('w2')]);
      const before = site.clientOf(server);
      const run = await living(site, before, { on_lost: 'retry', lost_after_seconds: 0 });
      const { worker } = await before.runs.get(run);
      const awaySince = Date.now();
      site.killRedis();
      await workers[worker === 'w1' ? 0 : 1]?.end('SIGKILL');
      await sleepUntil(awaySince + 2 * LEASE);
      await site.restartRedis();
      const backAt = Date.now();
      await server.said('storage answers again');
      const ended = await untilStatus(site.clientOf(server), run, 'succeeded');
      expect(ended).toMatchObject({ attempt: 2, worker: worker === 'w1' ? 'w2' : 'w1' });
      const again = (await livesOf(witness(site.folder), run))[1]?.from ?? 0;
      expect(again - backAt).toBeGreaterThan(LEASE - SLACK);
      expect(again - backAt).toBeLessThan(LEASE + 3 * SECOND + SLACK);
    },
  );

  it.for(long ? (['SIGSTOP', 'SIGKILL'] as const) : (['SIGSTOP'] as const))(
    `by %s for ${AWAY / SECOND} s finds ten commands done, each at the first attempt and with all its output`,
    async (signal, { site }) => {
      const [server, works] = await Promise.all([site.serve(), site.worker('w1')]);
      const client = site.clientOf(server);
      const jobs = await Promise.all(Array.from({ length: 10 }, () => client.jobs.create({ command: COUNTS })));
      const runs = jobs.map(({ id }) => `${id}.1`);
      await Promise.all(runs.map((run) => untilOutput(client, run)));
      process.kill(site.redis.pid, signal);
      const awaySince = Date.now();
      const answer = await fetch(`${server.url}/api/jobs`);
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      await works.said('the store does not take it');
      await sleepUntil(awaySince + AWAY);
      await (signal === 'SIGKILL' ? site.restartRedis() : process.kill(site.redis.pid, 'SIGCONT'));
      await server.said('storage answers again');
      const again = site.clientOf(server);
      const ended = await Promise.all(runs.map((run) => untilStatus(again, run, 'succeeded')));
      expect(ended.map(({ attempt }) => attempt)).toEqual(runs.map(() => 1));
      const texts = await Promise.all(runs.map((run) => textOf(again, run)));
      expect(new Set(texts)).toEqual(new Set([COUNTED]));
    },
  );
});

describe.concurrent('a worker', { timeout: 60_000 }, () => {
  it('that is killed is out of contact within 16 s, and another takes over when its job says', async ({ site }) => {
    const [server, first] = await Promise.all([site.serve(), site.worker('w1')]);
    const client = site.clientOf(server);
    const run = await living(site, client, { on_lost: 'retry', lost_after_seconds: 3 });
    const killedAt = Date.now();
    await Promise.all([first.end('SIGKILL'), site.worker('w2')]);
    await untilContactLost(client, run);
    expect(Date.now() - killedAt).toBeLessThan(LEASE + SECOND + SLACK);
    expect(await untilStatus(client, run, 'succeeded')).toMatchObject({ attempt: 2, worker: 'w2' });
    expect(Date.now() - killedAt).toBeGreaterThan(LEASE - RENEW_EVERY + 3 * SECOND - SLACK);
  });

  it('that alone is cut off ends its commands before another begins them', async ({ site }) => {
    await using cable = await redisProxy(site.redis.port);
    const [server, cutOff] = await Promise.all([site.serve(), site.start(['worker', '--name', 'w1'], cable.port)]);
    const client = site.clientOf(server);
    const policy = { on_lost: 'retry', lost_after_seconds: 3 } as const;
    const obeys = await living(site, client, policy);
    const deaf = await living(site, client, { ...policy, deaf: true });
    await site.worker('w2');
    cable.part();
    const cutSince = Date.now();
    await Promise.all([obeys, deaf].map((run) => untilContactLost(client, run)));
    expect(Date.now() - cutSince).toBeLessThan(LEASE + SECOND + SLACK);
    for (const run of [obeys, deaf]) {
      expect(await untilStatus(client, run, 'succeeded')).toMatchObject({ attempt: 2, worker: 'w2' });
    }
    const lives = await Promise.all([obeys, deaf].map((run) => livesOf(witness(site.folder), run)));
    for (const [before, after] of lives) expect(before?.to).toBeLessThan(after?.from ?? 0);
    const [obeyed, killed] = lives.map(([before]) => before?.to ?? 0);
    const decision = LEASE + policy.lost_after_seconds * SECOND;
    expectDeadline(obeyed ?? 0, cutSince, decision - (2 + GRACE) * SECOND);
    expectDeadline(killed ?? 0, cutSince, decision - 2 * SECOND);

    cable.mend();
    await cutOff.said('the store answers again');
    const job = await client.jobs.create({ command: 'true', queue: 'host:w1' });
    await untilStatus(client, `${job.id}.1`, 'succeeded');
    expect(await client.runs.get(deaf)).toMatchObject({ status: 'succeeded', attempt: 2 });
  });
});
