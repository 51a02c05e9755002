/** A real store in a file, workers on it with real children, and the steps that the worker's tests take. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import { workerId, type RunId } from '../../src/domain/id.ts';
import type { OnceDefinition } from '../../src/domain/job.ts';
import type { Attempt, Run } from '../../src/domain/run.ts';
import { isFinal } from '../../src/domain/run-state.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { createNodeExecutor } from '../../src/worker/executor/node-executor.ts';
import { createWorker, type Worker, type WorkerOptions } from '../../src/worker/worker.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { faultyStore, type FaultyStore } from '../support/faulty-store.ts';
import { temporaryFolder, type TemporaryFolder } from '../support/folder.ts';
import { eventually } from '../support/wait.ts';

export interface RunWithAttempts {
  readonly run: Run;
  readonly attempts: readonly Attempt[];
}

export class WorkerBench implements AsyncDisposable {
  /** What the tests look at. */
  readonly store: Store;
  /** What the workers see of it. */
  readonly link: FaultyStore;
  readonly folder: TemporaryFolder;
  readonly #workers: Worker[] = [];

  static async open(): Promise<WorkerBench> {
    const folder = await temporaryFolder();
    const store = await openStore({ kind: 'sqlite', file: join(folder.path, 'jobsched.sqlite'), clock: systemClock });
    return new WorkerBench(folder, store);
  }

  constructor(folder: TemporaryFolder, store: Store) {
    this.folder = folder;
    this.store = store;
    this.link = faultyStore(store);
  }

  async worker(fields: Partial<WorkerOptions> = {}): Promise<Worker> {
    const worker = this.newWorker(fields);
    await worker.start();
    return worker;
  }

  /** One that is not started. */
  newWorker(fields: Partial<WorkerOptions> = {}): Worker {
    const logger = pino({ level: 'silent' });
    const worker = createWorker({
      store: this.link.store,
      executor: createNodeExecutor({ clock: systemClock, logger }),
      clock: systemClock,
      logger,
      id: workerId(randomUUID()),
      name: 'w1',
      host: 'host.example',
      version: '0.0.0',
      queues: ['default'],
      concurrency: 16,
      drainTimeoutMs: 10_000,
      environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      home: this.folder.path,
      ...fields,
    });
    this.#workers.push(worker);
    return worker;
  }

  /** One run of a once job. */
  async submit(command: string, fields: Partial<Omit<OnceDefinition, 'type'>> = {}): Promise<RunId> {
    const [run] = await this.submitAll([command], fields);
    if (!run) throw new Error('nothing was created');
    return run;
  }

  async submitAll(commands: readonly string[], fields: Partial<Omit<OnceDefinition, 'type'>> = {}): Promise<RunId[]> {
    const results = await this.store.createJobs(
      commands.map((command) => newJob(onceDefinition({ ...fields, command }))),
      null,
    );
    return results.map((result) => {
      const run = result.status === 'created' ? result.job.lastRun?.id : undefined;
      if (!run) throw new Error(`the job was not created: ${result.status}`);
      return run;
    });
  }

  /** The run and its attempts, once `condition` holds for it. */
  until(run: RunId, what: string, condition: (seen: RunWithAttempts) => boolean): Promise<RunWithAttempts> {
    return eventually(this.store, `${what} of ${run}`, async () => {
      const seen = await this.store.getRun(run);
      return seen && condition(seen) ? seen : null;
    });
  }

  finished(run: RunId): Promise<RunWithAttempts> {
    return this.until(run, 'the end', (seen) => isFinal(seen.run.status));
  }

  /** Does what a scheduler does for delayed runs: they become claimable when their time comes, not at the next sweep. */
  async ticking<T>(act: () => Promise<T>): Promise<T> {
    const timers = new Set<NodeJS.Timeout>();
    const tick = async (): Promise<void> => {
      const { nextAt, now } = await this.store.tick(100);
      if (nextAt !== null) timers.add(setTimeout(() => void tick(), Math.max(1, nextAt - now)));
    };
    const end = this.store.subscribe(({ kind }) => kind === 'schedule' && setImmediate(() => void tick()));
    try {
      return await act();
    } finally {
      end();
      for (const timer of timers) clearTimeout(timer);
    }
  }

  /** All of the stored output, once it contains the text; both streams together. */
  printed(run: RunId, text: string, attempt = 1): Promise<string> {
    return eventually(this.store, `output of ${run}`, async () => {
      const { output } = await this.output(run, attempt);
      return output.toString().includes(text) ? output.toString() : null;
    });
  }

  /** What is stored of an attempt's output, and how many of its bytes are missing. */
  async output(run: RunId, attempt = 1): Promise<{ output: Buffer; dropped: number; total: number }> {
    const pieces: Uint8Array[] = [];
    let dropped = 0;
    for (let offset = 0; ;) {
      const page = await this.store.readOutput(run, attempt, offset);
      if (!page) return { output: Buffer.concat(pieces), dropped, total: 0 };
      dropped += page.dropped;
      pieces.push(...page.frames.map(({ bytes }) => bytes));
      if (page.next === offset) return { output: Buffer.concat(pieces), dropped, total: page.total };
      offset = page.next;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.link.heal('finish', 'claim', 'renew', 'appendOutput', 'heartbeat', 'release');
    await Promise.all(this.#workers.map((worker) => worker.stop({ now: true })));
    await this.store.close();
    await this.folder.remove();
  }
}
