/**
 * Each method of the store that changes something, as a call that can be sent again, after what it needs. The type makes
 * whoever adds a method say what it does when its reply is lost.
 */
import { jobId, workerId } from '../../src/domain/id.ts';
import { HOUR, MINUTE, SECOND, type Instant } from '../../src/domain/instant.ts';
import { LEASE } from '../../src/store/leases.ts';
import type { NewJob } from '../../src/store/jobs.ts';
import { toSample } from '../../src/store/samples.ts';
import type { Store } from '../../src/store/store.ts';
import { cronDefinition, newJob, onceDefinition } from '../support/definitions.ts';
import type { Opened } from './engines.ts';
import { ended, EXIT_1, TestWorker } from './test-worker.ts';
import { World } from './world.ts';

/** What a call finds: on a clock that stands still and with ids that are always the same, so that two stores compare. */
export interface Scene {
  readonly store: Store;
  readonly world: World;
  readonly worker: TestWorker;
}

/** Prepares, and returns the call. */
type Call = (scene: Scene) => Promise<() => Promise<unknown>>;

type Method = Exclude<keyof Store, 'capabilities'>;

const id = (n: number) => jobId(`00000000-0000-4000-8000-00000000000${n}`);
const ONCE = newJob(onceDefinition({ retries: 1, name: 'once' }), { id: id(1) });
const CRON = newJob(cronDefinition({ name: 'cron', overlap: 'allow' }), { id: id(2) });

const KEY = { id: id(5), name: 'ci', role: 'admin', hash: 'f'.repeat(64), expiresAt: null } as const;
/** The hash of its token. */
const SESSION = 'a'.repeat(64);

async function cron({ world }: Scene): Promise<NewJob & { readonly nextSlot: Instant }> {
  const job = { ...CRON, nextSlot: (await world.now()) + MINUTE };
  await world.create(job);
  return job;
}

async function claimed({ world, worker }: Scene): ReturnType<TestWorker['claimed']> {
  await world.create(ONCE);
  return worker.claimed();
}

/** `changes nothing`: whether it is asked once or twice is the same. */
export const EVERY_CALL: Readonly<Record<Method, Call | 'changes nothing'>> = {
  createJobs: async ({ store }) => {
    return () => store.createJobs([ONCE], { key: 'k', fingerprint: 'f' });
  },
  rememberRequest: async ({ store }) => {
    return () => store.rememberRequest({ key: 'k', fingerprint: 'f' });
  },
  updateJob: async (scene) => {
    const job = await cron(scene);
    const definition = { ...job.definition, description: 'edited' };
    return () => scene.store.updateJob({ job: job.id, ifVersion: 1, definition, nextSlot: 'keep' });
  },
  pauseJob: async (scene) => {
    const job = await cron(scene);
    return () => scene.store.pauseJob(job.id);
  },
  resumeJob: async (scene) => {
    const job = await cron(scene);
    await scene.store.pauseJob(job.id);
    return () => scene.store.resumeJob(job.id, job.nextSlot + HOUR);
  },
  deleteJob: async (scene) => {
    await claimed(scene);
    return () => scene.store.deleteJob(ONCE.id, true);
  },
  tick: async (scene) => {
    await claimed(scene);
    await cron(scene);
    // The lease lapses with the next tick.
    await scene.world.pass(LEASE - SECOND);
    scene.world.clock.advance(2 * SECOND);
    return () => scene.store.tick(250);
  },
  fire: async (scene) => {
    const { id: job, nextSlot: slot } = await cron(scene);
    scene.world.clock.set(slot);
    const skipped = { first: slot - MINUTE, last: slot - MINUTE, count: 1, atLeast: false };
    const runs = [{ slot, readyAt: slot }];
    return () => scene.store.fire([{ job, version: 1, slot, runs, skipped, next: slot + MINUTE }]);
  },
  trigger: async (scene) => {
    const { id: job } = await cron(scene);
    const request = '00000000-0000-4000-8000-000000000099';
    return () => scene.store.trigger({ job, request, fingerprint: 'f', trigger: 'manual', force: false });
  },
  cancel: async (scene) => {
    const { run } = await claimed(scene);
    return () => scene.store.cancel(run);
  },
  claim: async ({ store, world, worker }) => {
    await world.create(ONCE);
    const request = worker.request(5);
    return () => store.claim(request);
  },
  finish: async (scene) => {
    const { store, world, worker } = scene;
    const held = await claimed(scene);
    await world.create(newJob(onceDefinition(), { id: id(3) }));
    const end = ended(held, EXIT_1, { retryAt: await world.now() });
    const request = worker.request(1);
    return () => store.finish(worker.owner, [end], request);
  },
  renew: async (scene) => {
    const { run, fence } = await claimed(scene);
    scene.world.clock.advance(5_000);
    return () => scene.store.renew(scene.worker.owner, [{ run, fence }]);
  },
  release: async (scene) => {
    const { run, fence } = await claimed(scene);
    return () => scene.store.release(scene.worker.owner, [{ run, fence }]);
  },
  abandon: async (scene) => {
    await claimed(scene);
    return () => scene.store.abandon(scene.worker.owner);
  },
  appendOutput: async (scene) => {
    const { run, fence } = await claimed(scene);
    const frames = [{ stream: 'stdout', at: 1, bytes: Buffer.from('hello') }] as const;
    return () => scene.store.appendOutput(scene.worker.owner, [{ run, fence, offset: 0, frames }]);
  },
  heartbeat: async ({ worker }) => {
    return () => worker.heartbeat();
  },
  drainWorker: async ({ store, worker }) => {
    await worker.heartbeat();
    return () => store.drainWorker(worker.owner);
  },
  setQueue: async ({ store, world }) => {
    await world.create(ONCE);
    return () => store.setQueue('default', { paused: true, maxRunning: 3 });
  },
  keepSample: async ({ store, world }) => {
    const sample = toSample(await world.now(), await store.totals(), await store.queues());
    return () => store.keepSample(sample);
  },
  createKey: async ({ store }) => {
    return () => store.createKey(KEY);
  },
  touchKey: async ({ store }) => {
    await store.createKey(KEY);
    return () => store.touchKey(KEY.id);
  },
  revokeKey: async ({ store }) => {
    await store.createKey(KEY);
    return () => store.revokeKey(KEY.id);
  },
  openSession: async ({ store, world }) => {
    await store.createKey(KEY);
    const session = { hash: SESSION, key: KEY.id, expiresAt: (await world.now()) + HOUR };
    return () => store.openSession(session);
  },
  closeSession: async ({ store, world }) => {
    await store.createKey(KEY);
    await store.openSession({ hash: SESSION, key: KEY.id, expiresAt: (await world.now()) + HOUR });
    return () => store.closeSession(SESSION);
  },
  appendAudit: async ({ store }) => {
    const by = { who: 'ci', kind: 'key', keyId: id(5), role: 'operator', address: '::1' } as const;
    const entry = { ...by, action: 'job.run', target: 'x', targets: [], detail: {} } as const;
    return () => store.appendAudit([{ id: id(4), ...entry }]);
  },
  trim: async ({ store, world, worker }) => {
    await world.create(ONCE);
    await worker.finish(await worker.claimed());
    const policy = {
      auditKeepDays: 365,
      auditKeepCount: 100_000,
      onceKeepDays: 0,
      onceKeepCount: 0,
      outputBudgetBytes: 0,
    };
    return () => store.trim(policy, 250);
  },

  now: 'changes nothing',
  health: 'changes nothing',
  losses: 'changes nothing',
  checkup: 'changes nothing',
  backup: 'changes nothing',
  close: 'changes nothing',
  subscribe: 'changes nothing',
  waitForWork: 'changes nothing',
  findJob: 'changes nothing',
  jobVersions: 'changes nothing',
  getRun: 'changes nothing',
  liveRuns: 'changes nothing',
  readOutput: 'changes nothing',
  workers: 'changes nothing',
  listJobs: 'changes nothing',
  listRuns: 'changes nothing',
  counts: 'changes nothing',
  totals: 'changes nothing',
  samplesAt: 'changes nothing',
  keys: 'changes nothing',
  findKey: 'changes nothing',
  findSession: 'changes nothing',
  listAudit: 'changes nothing',
  queues: 'changes nothing',
  waitingSince: 'changes nothing',
  changes: 'changes nothing',
};

export const CHANGING = Object.entries(EVERY_CALL).flatMap(([method, call]) =>
  call === 'changes nothing' ? [] : [{ method, call }],
);

export function sceneOn(opened: Opened): Scene {
  const owner = workerId('00000000-0000-4000-8000-000000000009');
  const worker = new TestWorker(() => opened.store, owner, 'w');
  return { store: opened.store, world: new World(opened), worker };
}
