/** Bugs and outages: what they may take with them, and what not. */
import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fakeClock, START, type FakeClock } from '../../../../test/support/clock.ts';
import { cronDefinition, newJob, onceDefinition } from '../../../../test/support/definitions.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { runId, workerId } from '../../../domain/id.ts';
import { MINUTE, SECOND } from '../../../domain/instant.ts';
import type { NewJob } from '../../jobs.ts';
import type { ClaimedRun, Ended, Held } from '../../leases.ts';
import type { Firing } from '../../schedules.ts';
import type { Store } from '../../store.ts';
import { openSqliteStore } from '../sqlite-store.ts';

const owner = workerId(randomUUID());
const bug = new TypeError('x is undefined');
const throwing = <Item extends object>(item: Item, key: keyof Item): Item =>
  Object.defineProperty({ ...item }, key, {
    get: () => {
      throw bug;
    },
  });

let folder: TemporaryFolder;
let file: string;
let clock: FakeClock;
let store: Store;
let reported: unknown[];
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder.path, 'test.db');
  clock = fakeClock();
  reported = [];
  store = await openSqliteStore({ file, clock, report: (fault) => void reported.push(fault) });
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

async function claimed(count: number, fields = {}): Promise<readonly ClaimedRun[]> {
  await store.createJobs(
    Array.from({ length: count }, () => newJob(onceDefinition(fields))),
    null,
  );
  const request = { owner, worker: 'w', queues: ['default'], limit: count, claimNumber: 1 };
  return (await store.claim(request)).claimed;
}

const succeeded = ({ run, fence }: Held): Ended => ({
  run,
  fence,
  outcome: { status: 'succeeded' },
  retryAt: null,
  durationMs: 1,
  leftRunning: 0,
  endedAgoMs: 0,
  output: null,
});

it('notices an outage again when the transaction that had noticed it failed', async () => {
  const held = await claimed(1, { lostAfterSeconds: 0 });
  await store.tick(250);
  clock.advance(MINUTE);
  await expect(store.renew(owner, [throwing({ ...held[0] } as Held, 'run')])).rejects.toBe(bug);
  clock.advance(SECOND);
  expect(await store.tick(250)).toMatchObject({ flagged: [], lost: [] });
});

it('gives up no run of a worker whose renewals fail while ticks go well, until it asks no more', async () => {
  const held = await claimed(1, { lostAfterSeconds: 0 });
  for (let second = 1; second <= 60; second++) {
    clock.advance(SECOND);
    if (second % 5 === 0) {
      await expect(store.renew(owner, [throwing({ ...held[0] } as Held, 'run')])).rejects.toBe(bug);
    }
    expect(await store.tick(250)).toMatchObject({ flagged: [], lost: [] });
  }
  const lost: string[] = [];
  for (let second = 1; second <= 16; second++) {
    clock.advance(SECOND);
    lost.push(...(await store.tick(250)).lost);
  }
  expect(lost).toEqual([held[0]?.run]);
});

it('ends the other attempts of a call when one cannot be ended, and counts once', async () => {
  const held = await claimed(3);
  const ends = held.map((one, index) => (index === 1 ? throwing(succeeded(one), 'outcome') : succeeded(one)));
  expect((await store.finish(owner, ends, null)).results).toEqual(['ok', 'lost', 'ok']);
  expect((await store.counts()).runs).toMatchObject({ succeeded: 2, running: 1 });
  expect(reported).toEqual([bug]);
});

it('fires the other slots when one cannot be fired', async () => {
  const jobs = [0, 1, 2].map((): NewJob => newJob(cronDefinition(), { nextSlot: START }));
  await store.createJobs(jobs, null);
  const firings = jobs.map(({ id }, index): Firing => {
    const runs = [{ slot: START, readyAt: START }];
    const firing = { job: id, version: 1, slot: START, runs, skipped: null, next: START + MINUTE };
    return index === 1 ? throwing(firing, 'next') : firing;
  });
  const results = await store.fire(firings);
  expect(results.map(({ status }) => status)).toEqual(['fired', 'failed', 'fired']);
  expect((await store.counts()).runs.pending).toBe(2);
  const second = jobs[1]?.id;
  expect(second && (await store.getRun(runId(second, 1)))).toBeNull();
});

it('stores what it promised when a listener throws, and tells the others', async () => {
  const told: string[] = [];
  store.subscribe(() => {
    throw bug;
  });
  store.subscribe(({ kind }) => void told.push(kind));
  expect(await store.createJobs([newJob(onceDefinition())], null)).toMatchObject([{ status: 'created' }]);
  expect(told).toEqual(['work', 'change']);
  expect(reported).toEqual([bug, bug]);
});

it('is not well when its file is gone, and says so', async () => {
  await store.health();
  renameSync(file, `${file}.gone`);
  await expect(store.health()).rejects.toMatchObject({ code: 'engine_unavailable' });
  renameSync(`${file}.gone`, file);
  await store.health();
});
