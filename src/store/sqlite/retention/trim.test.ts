/** What trimming costs: by statements and rows, since everybody waits for it. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeClock, START, type FakeClock } from '../../../../test/support/clock.ts';
import { cronDefinition, newJob } from '../../../../test/support/definitions.ts';
import { temporaryFolder, type TemporaryFolder } from '../../../../test/support/folder.ts';
import { DAY, MINUTE } from '../../../domain/instant.ts';
import type { Store } from '../../store.ts';
import { openSqliteStore } from '../sqlite-store.ts';
import { Statements } from '../file/statements.ts';

const POLICY = {
  auditKeepDays: 365,
  auditKeepCount: 100_000,
  onceKeepDays: 7,
  onceKeepCount: 100_000,
  outputBudgetBytes: 1024 ** 3,
};
const JOBS = 60;
const SLOTS = 70;

let folder: TemporaryFolder;
let clock: FakeClock;
let store: Store;
beforeEach(async () => {
  folder = await temporaryFolder();
  clock = fakeClock();
  store = await openSqliteStore({ file: join(folder.path, 'test.db'), clock });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  await folder.remove();
});

/** Jobs with so many final runs each, by firings that change between two reasons to skip. */
async function history(): Promise<void> {
  const jobs = Array.from({ length: JOBS }, () => newJob(cronDefinition({ keepRuns: 10 }), { nextSlot: START }));
  await store.createJobs(jobs, null);
  for (let slot = START; slot < START + SLOTS * MINUTE; slot += MINUTE) {
    clock.set(slot);
    const even = ((slot - START) / MINUTE) % 2 === 0;
    const skipped = even ? null : { first: slot, last: slot, count: 1, atLeast: false };
    const runs = even ? [{ slot, readyAt: slot }] : [];
    await store.fire(jobs.map(({ id }) => ({ job: id, version: 1, slot, runs, skipped, next: slot + MINUTE })));
  }
}

/** What one call to trim does. */
async function cost(): Promise<{ readonly statements: number; readonly rows: number; readonly more: boolean }> {
  let rows = 0;
  // oxlint-disable-next-line typescript/unbound-method -- bound to the spied object's own `this` below
  const read = Statements.prototype.all;
  const all = vi.spyOn(Statements.prototype, 'all').mockImplementation(function (this: Statements, ...args) {
    const found = read.apply(this, args);
    rows += found.length;
    return found;
  });
  const others = [vi.spyOn(Statements.prototype, 'one'), vi.spyOn(Statements.prototype, 'run')];
  const { more } = await store.trim(POLICY, 250);
  const statements = all.mock.calls.length + others.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  vi.restoreAllMocks();
  return { statements, rows, more };
}

it('looks at few rows a call, and at none when no run has ended since', async () => {
  await history();
  let calls = 0;
  for (let more = true; more; calls++) {
    const step = await cost();
    expect(step.rows).toBeLessThan(3_000);
    ({ more } = step);
  }
  expect(calls).toBeGreaterThan(2);
  const idle = await cost();
  expect(idle).toMatchObject({ rows: 0, more: false });
  expect(idle.statements).toBeLessThan(15);
});

it('looks again when the oldest run has become too old', async () => {
  await history();
  while ((await store.trim(POLICY, 250)).more);
  expect((await store.counts()).runs.skipped).toBeGreaterThan(0);
  clock.advance(31 * DAY);
  while ((await store.trim(POLICY, 250)).more);
  expect((await store.counts()).runs.skipped).toBe(0);
});
