/**
 * People: they make jobs, run, cancel, edit, pause and delete them, over a link as bad as anyone's, and remember what they
 * were told. A call that is not answered they repeat as it was.
 */
import { jobId, runId, type JobId, type RunId } from '../../src/domain/id.ts';
import { SECOND, type Instant, type Millis } from '../../src/domain/instant.ts';
import type { CommonDefinition, CronDefinition } from '../../src/domain/job.ts';
import type { Overlap } from '../../src/domain/overlap.ts';
import type { Misfire } from '../../src/domain/schedule/misfire.ts';
import type { NewJob } from '../../src/store/jobs.ts';
import type { Store } from '../../src/store/store.ts';
import { START } from '../support/clock.ts';
import { cronDefinition, onceDefinition } from '../support/definitions.ts';
import type { Chance } from './chance.ts';
import type { SimulatedProcess } from './simulated-process.ts';

const TRIES = 6;
const PAUSE: Millis = SECOND;

export interface KnownJob {
  readonly job: NewJob;
  /** The seconds between its slots, for a schedule. */
  readonly period: Millis | null;
  acknowledged: boolean;
  /** How many runs by hand were asked for. */
  asked: number;
  /** Somebody forced a run past its overlap policy, or paused or deleted it: then less is certain of it. */
  forced: boolean;
  paused: boolean;
  deleted: boolean;
}

export interface PeopleOptions {
  /** When schedules end. */
  readonly endsAt: Instant;
  /** Whether a store may say so. */
  readonly isExpected: (error: unknown) => boolean;
  readonly onBug: (line: string) => void;
}

/** What was asked for has to be asked for otherwise: time has passed. */
class Again extends Error {}

export class People {
  readonly jobs: KnownJob[] = [];
  /** Runs by hand that were acknowledged. */
  readonly triggered: RunId[] = [];
  readonly #store: Store;
  readonly #chance: Chance;
  readonly #process: SimulatedProcess;
  readonly #endsAt: Instant;
  readonly #isExpected: (error: unknown) => boolean;
  readonly #onBug: (line: string) => void;

  constructor(process: SimulatedProcess, store: Store, { endsAt, isExpected, onBug }: PeopleOptions) {
    this.#process = process;
    this.#store = store;
    this.#chance = process.chance.fork();
    this.#endsAt = endsAt;
    this.#isExpected = isExpected;
    this.#onBug = onBug;
  }

  /** One thing that somebody does. Never rejects. */
  async act(): Promise<void> {
    const chance = this.#chance;
    const known = this.jobs.length > 0 ? chance.pick(this.jobs as [KnownJob, ...KnownJob[]]) : null;
    if (known === null || chance.happens(0.4)) return this.#create(this.#once());
    if (chance.happens(0.4)) return this.#trigger(known);
    if (chance.happens(0.4)) return this.#cancel(known);
    if (chance.happens(0.4)) return this.#edit(known);
    return chance.happens(0.7) ? this.#pauseAndResume(known) : this.#delete(known);
  }

  schedule(): Promise<void> {
    const chance = this.#chance;
    const seconds = chance.pick([2, 5, 10, 15, 30]);
    const overlap = chance.pick<Overlap>(['skip', 'queue', 'replace', 'allow']);
    const waits = overlap === 'queue' || overlap === 'allow';
    const misfire = chance.pick<Misfire>(waits ? ['latest', 'skip', 'all'] : ['latest', 'skip']);
    const definition: CronDefinition = cronDefinition({
      ...this.#common(),
      schedule: `*/${seconds} * * * * *`,
      overlap,
      misfire,
      misfireWindowSeconds: chance.pick([60, 3_600]),
      jitterSeconds: chance.pick([0, 0, 3]),
      endsAt: this.#endsAt,
    });
    const period = seconds * SECOND;
    const job = { id: this.#newId(), definition, nextSlot: START + period };
    return this.#create(job, period);
  }

  #once(): NewJob {
    const runAt = this.#chance.happens(0.2) ? START + this.#chance.between(0, 60) * SECOND : null;
    const definition = onceDefinition({ ...this.#common(), runAt: runAt === null ? null : Math.floor(runAt) });
    return { id: this.#newId(), definition, nextSlot: null };
  }

  /** Some have no wishes: engines have a shorter way for what is usual. */
  #common(): Partial<CommonDefinition> {
    const chance = this.#chance;
    if (chance.happens(0.15)) return {};
    return {
      queue: chance.pick(['default', 'default', 'default', 'other', 'host:worker-1']),
      priority: chance.whole(-1, 1),
      retries: chance.whole(0, 3),
      retryDelaySeconds: chance.whole(0, 3),
      onLost: chance.pick([null, null, 'retry', 'fail']),
      lostAfterSeconds: chance.pick([0, 5, 20, 60]),
      killGraceSeconds: chance.pick([0, 1, 5]),
      timeoutSeconds: chance.pick([null, null, null, 8]),
    };
  }

  async #create(job: NewJob, period: Millis | null = null): Promise<void> {
    const known: KnownJob = {
      job,
      period,
      acknowledged: false,
      asked: 0,
      forced: false,
      paused: false,
      deleted: false,
    };
    this.jobs.push(known);
    const results = await this.#ask(() => this.#store.createJobs([job], null));
    known.acknowledged = results !== null;
  }

  async #trigger(known: KnownJob): Promise<void> {
    const force = this.#chance.happens(0.2);
    known.forced ||= force;
    known.asked += 1;
    const request = this.#chance.uuid();
    const wanted = { job: known.job.id, request, fingerprint: '', trigger: 'manual', force } as const;
    const answer = await this.#ask(() => this.#store.trigger(wanted));
    if (answer?.status === 'triggered' || answer?.status === 'existing') this.triggered.push(answer.run.id);
  }

  async #cancel({ job }: KnownJob): Promise<void> {
    const found = await this.#ask(() => this.#store.findJob(job.id));
    const last = found?.status === 'found' ? found.job.lastRun : null;
    if (last) await this.#ask(() => this.#store.cancel(runId(job.id, last.number)));
  }

  async #edit({ job }: KnownJob): Promise<void> {
    const definition = { ...job.definition, description: `edit ${this.#chance.whole(1, 1_000)}` };
    await this.#ask(() => this.#store.updateJob({ job: job.id, ifVersion: null, definition, nextSlot: 'keep' }));
  }

  /** The next slot is computed as `http/job` does: after all that was, by the engine's clock. */
  async #pauseAndResume(known: KnownJob): Promise<void> {
    const { job, period } = known;
    if (period === null) return;
    known.paused = true;
    await this.#ask(() => this.#store.pauseJob(job.id));
    await this.#ask(async () => {
      const found = await this.#store.findJob(job.id);
      if (found.status !== 'found') return;
      const after = Math.max(await this.#store.now(), found.job.lastSlot ?? 0);
      const next = (Math.floor(after / period) + 1) * period;
      const answer = await this.#store.resumeJob(job.id, next < this.#endsAt ? next : null);
      if (answer.status === 'stale') throw new Again();
    });
  }

  async #delete(known: KnownJob): Promise<void> {
    known.deleted = true;
    await this.#ask(() => this.#store.deleteJob(known.job.id, true));
  }

  /** @returns null when nobody answered. */
  async #ask<T>(call: () => Promise<T>): Promise<T | null> {
    for (let tries = TRIES; tries > 0; tries -= 1) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof Again) && !this.#isExpected(error)) this.#onBug(String(error));
        await new Promise<void>((resolve) => this.#process.after(PAUSE, resolve));
      }
    }
    return null;
  }

  #newId(): JobId {
    return jobId(this.#chance.uuid());
  }
}
