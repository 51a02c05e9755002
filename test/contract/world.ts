/** One open store with a clock that the test moves, and the steps that every test takes with them. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { workerId, type JobId, type RunId } from '../../src/domain/id.ts';
import { MINUTE, SECOND, type Instant, type Millis } from '../../src/domain/instant.ts';
import type { CronDefinition, Job, OnceDefinition } from '../../src/domain/job.ts';
import type { Attempt, Run } from '../../src/domain/run.ts';
import type { NewJob } from '../../src/store/jobs.ts';
import type { TriggerRequest, TriggerResult } from '../../src/store/runs.ts';
import type { FireResult, Firing, Tick } from '../../src/store/schedules.ts';
import type { Store } from '../../src/store/store.ts';
import { cronDefinition, newJob, onceDefinition } from '../support/definitions.ts';
import type { Opened } from './engines.ts';
import { TestWorker } from './test-worker.ts';

export type CronFields = Partial<Omit<CronDefinition, 'type'>>;
export type OnceFields = Partial<Omit<OnceDefinition, 'type'>>;

export class World {
  readonly #opened: Opened;
  #store: Store;

  constructor(opened: Opened) {
    this.#opened = opened;
    this.#store = opened.store;
  }

  get store(): Store {
    return this.#store;
  }

  get clock(): Opened['clock'] {
    return this.#opened.clock;
  }

  /** Closes the store and opens what it kept. */
  async reopen(): Promise<void> {
    this.#store = await this.#opened.reopen();
  }

  now(): Promise<Instant> {
    return this.store.now();
  }

  /** A worker of its own each time: other id, other claims. */
  worker(name = 'w1'): TestWorker {
    return new TestWorker(() => this.store, workerId(randomUUID()), name);
  }

  async create(job: NewJob): Promise<Job> {
    return answer(only(await this.store.createJobs([job], null)), 'created').job;
  }

  once(fields: OnceFields = {}): Promise<Job> {
    return this.create(newJob(onceDefinition(fields)));
  }

  /** Its first slot is a minute ahead unless told otherwise. */
  async cron(fields: CronFields = {}, nextSlot?: Instant | null): Promise<Job> {
    const first = nextSlot === undefined ? (await this.now()) + MINUTE : nextSlot;
    return this.create(newJob(cronDefinition(fields), { nextSlot: first }));
  }

  async job(id: JobId): Promise<Job> {
    return answer(await this.store.findJob(id), 'found').job;
  }

  async run(id: RunId): Promise<Run> {
    return (await this.runAndAttempts(id)).run;
  }

  async attempts(id: RunId): Promise<readonly Attempt[]> {
    return (await this.runAndAttempts(id)).attempts;
  }

  /** All of a job's runs, the first first. */
  async runs(job: JobId): Promise<Run[]> {
    const rows: Run[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.store.listRuns({ job }, 200, cursor);
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== null);
    return rows.toReversed();
  }

  /** Waits, on the fake clock, for the job's next slot and fires it; the next one is a minute later. */
  async fire(job: JobId, fields: Partial<Firing> = {}): Promise<FireResult> {
    const { nextSlot, version } = await this.job(job);
    if (nextSlot === null) throw new Error('the job has no next slot to fire');
    if ((await this.now()) < nextSlot) this.clock.set(nextSlot);
    const runs = [{ slot: nextSlot, readyAt: nextSlot }];
    const firing = { job, version, slot: nextSlot, runs, skipped: null, next: nextSlot + MINUTE, ...fields };
    return only(await this.store.fire([firing]));
  }

  /** Fires the next slot and returns the one run that it made. */
  async fired(job: JobId, fields: Partial<Firing> = {}): Promise<Run> {
    return this.run(only(answer(await this.fire(job, fields), 'fired').runs));
  }

  trigger(job: JobId, fields: Partial<TriggerRequest> = {}): Promise<TriggerResult> {
    return this.store.trigger({
      job,
      request: randomUUID(),
      fingerprint: '',
      trigger: 'manual',
      force: false,
      ...fields,
    });
  }

  /**
   * Time passes as it does where a scheduler ticks: every second, so that no outage is suspected.
   * @returns all that the ticks flagged and decided.
   */
  async pass(time: Millis, step: Millis = SECOND): Promise<Pick<Tick, 'flagged' | 'lost'>> {
    const flagged: RunId[] = [];
    const lost: RunId[] = [];
    for (let left = time; left > 0; left -= step) {
      this.clock.advance(Math.min(step, left));
      const tick = await this.store.tick(250);
      flagged.push(...tick.flagged);
      lost.push(...tick.lost);
    }
    return { flagged, lost };
  }

  async runAndAttempts(id: RunId): Promise<{ readonly run: Run; readonly attempts: readonly Attempt[] }> {
    const found = await this.store.getRun(id);
    if (found === null) throw new Error(`no run ${id}`);
    return found;
  }
}

/** The one item of a list. */
export function only<T>(list: readonly T[]): T {
  expect(list).toHaveLength(1);
  return list[0] as T;
}

/** What a method answered, when it answered that. */
export function answer<Result extends { readonly status: string }, Status extends Result['status']>(
  result: Result,
  status: Status,
): Extract<Result, { readonly status: Status }> {
  expect(result).toMatchObject({ status });
  return result as Extract<Result, { readonly status: Status }>;
}
