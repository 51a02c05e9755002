/**
 * What is read from several keys while somebody writes: commands that are sent together reach Redis together, and still
 * anybody's script may run between two of them.
 */
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { runId, workerId, type JobId } from '../../src/domain/id.ts';
import { redisAddress } from '../../src/store/redis/link/address.ts';
import { updateJob } from '../../src/store/redis/jobs/change-jobs.ts';
import { connect } from '../../src/store/redis/link/connection.ts';
import { createJobs } from '../../src/store/redis/jobs/create-jobs.ts';
import { findJob, jobVersions } from '../../src/store/redis/jobs/find-jobs.ts';
import { getRun } from '../../src/store/redis/runs/find-runs.ts';
import { ClaimedPlaces } from '../../src/store/redis/leases/claimed-places.ts';
import { claim, finish, release } from '../../src/store/redis/leases/leases.ts';
import { KnownSchedules } from '../../src/store/redis/schedules/known-schedules.ts';
import { LeaseTime } from '../../src/store/redis/leases/lease-time.ts';
import type { RedisLink } from '../../src/store/redis/link/link.ts';
import { readOutput } from '../../src/store/redis/output/read-output.ts';
import { tick } from '../../src/store/redis/schedules/schedules.ts';
import type { Job } from '../../src/domain/job.ts';
import type { ClaimedRun } from '../../src/store/leases.ts';
import { ended, EXIT_1 } from '../contract/test-worker.ts';
import { answer, only } from '../contract/world.ts';
import { cronDefinition, newJob, onceDefinition } from '../support/definitions.ts';
import { sharedRedis } from '../support/redis.ts';

/** Before which command of a read somebody writes; no read has more of them. */
const MOMENTS = [0, 1, 2, 3, 4, 5];

test.each(MOMENTS)(
  'an edit before command %i of the look at a job is not lost by the edit that follows',
  async (at) => {
    const { link, id } = await opened();
    let isEdited = false;
    const edit = async (): Promise<void> => {
      await update(link, await look(link, id), { description: 'kept' });
      isEdited = true;
    };
    let done = await update(link, await look(torn(link, at, edit), id), { command: 'echo' });
    if (done === 'conflict') done = await update(link, await look(link, id), { command: 'echo' });
    expect(done).toBe('updated');
    const { definition } = await look(link, id);
    expect(definition).toMatchObject({ command: 'echo', description: isEdited ? 'kept' : '' });
  },
);

test.each(MOMENTS)('an edit before command %i of the reading of versions leaves each its definition', async (at) => {
  const { link, id } = await opened();
  await update(link, await look(link, id), { description: 'version 2' });
  const edit = async (): Promise<unknown> => update(link, await look(link, id), { description: 'version 3' });
  const versions = await jobVersions(torn(link, at, edit), id);
  expect(versions.map(({ version, definition }) => [version, definition.description])).toEqual(
    [
      [3, 'version 3'],
      [2, 'version 2'],
      [1, ''],
    ].slice(3 - versions.length),
  );
  expect(versions.length).toBeGreaterThanOrEqual(2);
});

test.each(MOMENTS)(
  'an edit before command %i of a tick leaves each version of a schedule its definition',
  async (at) => {
    const { link } = await opened();
    const job = newJob(cronDefinition({ description: 'version 1' }), { nextSlot: 1_000 });
    await createJobs(link, [job], null);
    const ticking = { schedules: new KnownSchedules(), leaseTime: new LeaseTime(systemClock) };
    const edit = async (): Promise<unknown> => update(link, await look(link, job.id), { description: 'version 2' });
    const seen = [await tick(torn(link, at, edit), ticking, 10), await tick(link, ticking, 10)].flatMap(
      ({ due }) => due,
    );
    expect(seen.length).toBeGreaterThanOrEqual(1);
    for (const { version, definition } of seen) expect(definition.description).toBe(`version ${version}`);
  },
);

const CHANGES: readonly [what: string, (link: RedisLink, held: ClaimedRun) => Promise<unknown>][] = [
  ['its worker gives it back', (link, held) => release(link, thrown, OWNER, [held])],
  ['its next attempt begins', (link, held) => fail(link, held).then(() => claimed(link))],
];

test.each(CHANGES.flatMap(([what, change]) => MOMENTS.map((at) => [what, at, change] as const)))(
  'a run is shown with all of its attempts when %s before command %i',
  async (_, at, change) => {
    const { link, id } = await opened();
    await fail(link, await claimed(link));
    const held = await claimed(link);
    const whole = { attempts: [{ number: 1 }, { number: 2 }, { number: 3 }] };
    const seen = await getRun(
      torn(link, at, () => change(link, held)),
      runId(id, 1),
    );
    const { attempt = 0 } = seen?.run ?? {};
    expect(attempt).toBeGreaterThan(0);
    expect(seen).toMatchObject({ attempts: whole.attempts.slice(0, attempt) });
    expect(seen?.attempts).toHaveLength(attempt);
  },
);

test.each(MOMENTS)('output is found when its run is given back before command %i', async (at) => {
  const { link, id } = await opened();
  await fail(link, await claimed(link));
  const held = await claimed(link);
  const giveBack = (): Promise<unknown> => release(link, thrown, OWNER, [held]);
  expect(await readOutput(torn(link, at, giveBack), runId(id, 1), 1, 0)).toMatchObject({ ended: true });
});

const OWNER = workerId(randomUUID());
let claims = 0;

/** A link on which commands are sent one by one, and somebody else comes before the one of that number. */
function torn(link: RedisLink, at: number, act: () => Promise<unknown>): RedisLink {
  let sent = 0;
  const read: RedisLink['read'] = async (commands) => {
    const replies: unknown[] = [];
    for (const command of commands) {
      if (sent++ === at) await act();
      replies.push(...(await link.read([command])));
    }
    return replies;
  };
  return { prefix: link.prefix, now: () => link.now(), run: (...call) => link.run(...call), read, readBytes: read };
}

async function opened(): Promise<{ link: RedisLink; id: JobId }> {
  const { url } = await sharedRedis();
  const link = await connect({ address: redisAddress(url), prefix: randomUUID() });
  onTestFinished(() => link.close());
  const job = newJob(onceDefinition({ retries: 5 }));
  expect(await createJobs(link, [job], null)).toMatchObject([{ status: 'created' }]);
  return { link, id: job.id };
}

async function look(link: RedisLink, id: JobId): Promise<Job> {
  return answer(await findJob(link, id), 'found').job;
}

/** As the API edits: only what it has seen. */
async function update(link: RedisLink, seen: Job, change: Partial<Job['definition']>): Promise<string> {
  const definition = { ...seen.definition, ...change } as Job['definition'];
  const { status } = await updateJob(link, { job: seen.id, ifVersion: seen.version, definition, nextSlot: 'keep' });
  return status;
}

async function claimed(link: RedisLink): Promise<ClaimedRun> {
  const request = { owner: OWNER, worker: 'w', queues: ['default'], limit: 1, claimNumber: ++claims };
  return only((await claim(link, new ClaimedPlaces(), request)).claimed);
}

/** Ends it so that it is retried at once. */
async function fail(link: RedisLink, held: ClaimedRun): Promise<void> {
  const { results } = await finish(
    link,
    { places: new ClaimedPlaces(), report: thrown },
    OWNER,
    [ended(held, EXIT_1, { retryAt: 1 })],
    null,
  );
  expect(results).toEqual(['ok']);
}

function thrown(fault: unknown): void {
  throw fault;
}
