/** No query of the store reads a whole table or sorts one: asked of SQLite's planner, for every statement there is. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { fakeClock } from '../../../../test/support/clock.ts';
import { cronDefinition, newJob, onceDefinition } from '../../../../test/support/definitions.ts';
import { temporaryFolder } from '../../../../test/support/folder.ts';
import { runId, workerId } from '../../../domain/id.ts';
import type { Store } from '../../store.ts';
import { LIVE } from '../runs/run-rows.ts';
import { openSqliteStore } from '../sqlite-store.ts';

/**
 * What may be read whole: workers are few, and so are queues with a setting; of a schema, of what is leased or of what is
 * ending only the first rows are read.
 */
const SMALL =
  /^SCAN (workers|queues|claims|counters|sqlite_schema|CONSTANT ROW|\(subquery-\d+\)|runs USING COVERING INDEX runs_leased|jobs USING COVERING INDEX jobs_ending)/;
/** What may be sorted: workers, the runs of one claim. */
const SMALL_SORTS = /FROM workers|r\.claim = \?/;

it('uses an index for every statement', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'jobsched.db');
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const store = await openSqliteStore({ file, clock: fakeClock() });
  await useEverything(store);
  await store.close();
  const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))].filter((sql) => !sql.startsWith('PRAGMA'));
  prepare.mockRestore();
  expect(statements.length).toBeGreaterThan(50);
  const db = new DatabaseSync(file);
  const bad = statements.flatMap((sql) => complaints(db, sql).map((detail) => `${detail}: ${sql}`));
  expect(bad).toEqual([]);
  // By (job, number) alone they would read all the runs that are kept of the job.
  const live = statements.filter((sql) => sql.includes(LIVE));
  expect(live).toHaveLength(2);
  for (const sql of live) expect(plan(db, sql).join('\n')).toContain('runs_open_by_number');
  db.close();
});

function complaints(db: DatabaseSync, sql: string): string[] {
  return plan(db, sql)
    .filter((detail) => detail.startsWith('SCAN') || detail.includes('TEMP B-TREE FOR ORDER BY'))
    .filter((detail) => !SMALL.test(detail) && !(detail.includes('TEMP B-TREE') && SMALL_SORTS.test(sql)));
}

function plan(db: DatabaseSync, sql: string): string[] {
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map((row) => String(row['detail']));
}

async function useEverything(store: Store): Promise<void> {
  const now = await store.now();
  const owner = workerId(randomUUID());
  const once = newJob(onceDefinition({ name: 'a' }));
  const cron = newJob(cronDefinition({ overlap: 'queue', keepRuns: 0 }), { nextSlot: now });
  await store.createJobs([once, once, cron], { key: 'k', fingerprint: 'f' });
  await store.tick(250);
  const runs = [{ slot: now, readyAt: now }];
  await store.fire([{ job: cron.id, version: 1, slot: now, runs, skipped: null, next: now + 1 }]);
  await store.trigger({ job: cron.id, request: 'r', fingerprint: 'f', trigger: 'manual', force: false });
  await store.updateJob({ job: cron.id, ifVersion: 1, definition: cronDefinition({ command: 'b' }), nextSlot: 'keep' });
  const instance = { bootId: null, pidNamespace: null, startedTicks: null };
  const info = { name: 'w', host: 'h', pid: 1, instance, version: '1', queues: [], concurrency: 1, running: 0 };
  await store.heartbeat({ ...info, id: owner, state: 'active' });
  const request = { owner, worker: 'w', queues: ['default', 'host:w'], limit: 10, claimNumber: 1 };
  const { claimed } = await store.claim(request);
  await store.claim(request);
  for (const change of [{ maxRunning: 9 }, { maxRunning: null }]) await store.setQueue('default', change);
  await store.setQueue('default', { maxRunning: 9 });
  await store.renew(owner, claimed);
  const [first, second] = claimed;
  if (first === undefined || second === undefined) throw new Error('nothing was claimed');
  const frames = [{ stream: 'stdout', at: now, bytes: Buffer.alloc(2_000_000) }] as const;
  await store.appendOutput(owner, [{ ...first, offset: 0, frames }]);
  await store.release(owner, [second]);
  await store.release(owner, [second]);
  const end = {
    outcome: { status: 'succeeded' },
    retryAt: null,
    durationMs: 1,
    leftRunning: 0,
    endedAgoMs: 0,
    output: null,
  } as const;
  await store.finish(owner, [{ ...first, ...end }], { ...request, claimNumber: 2 });
  await store.abandon(owner);
  for (const status of [[], ['pending', 'failed']] as const) {
    await store.listRuns({ status }, 10, null);
    await store.listRuns({ status, since: 0, until: now }, 10, null);
    await store.listJobs({ status }, 10, null);
  }
  await store.listRuns({ job: cron.id }, 10, null);
  await store.readOutput(runId(once.id, 1), 1, 0);
  await Promise.all([
    store.counts(),
    store.queues(),
    store.workers(),
    store.jobVersions(cron.id),
    store.liveRuns(cron.id),
  ]);
  await store.findJob(cron.id.slice(0, 6));
  await store.cancel(runId(cron.id, 1));
  await store.deleteJob(cron.id, true);
  const skipping = newJob(cronDefinition({ overlap: 'skip' }), { nextSlot: now });
  await store.createJobs([skipping], null);
  for (const request of ['first', 'second']) {
    await store.trigger({ job: skipping.id, request, fingerprint: 'f', trigger: 'manual', force: false });
  }
  await store.trim(
    { auditKeepDays: 365, auditKeepCount: 100_000, onceKeepDays: 0, onceKeepCount: 0, outputBudgetBytes: 0 },
    100,
  );
  await store.trim(
    { auditKeepDays: 365, auditKeepCount: 100_000, onceKeepDays: 1, onceKeepCount: 10, outputBudgetBytes: 0 },
    100,
  );
}
