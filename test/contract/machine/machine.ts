/**
 * Plays a history on a store. Everything that it names is counted, nothing is random, so that two stores that get the
 * same steps get the same calls.
 *
 * Calls go through `send`, which may send one twice and throw the first reply away, and are announced to `after`.
 */
import { jobId, workerId, type JobId, type RunId } from '../../../src/domain/id.ts';
import { DAY, SECOND, type Instant } from '../../../src/domain/instant.ts';
import type { Job, JobDefinition } from '../../../src/domain/job.ts';
import { retryAt } from '../../../src/domain/retry.ts';
import type { Outcome } from '../../../src/domain/run.ts';
import type { ClaimedRun, ClaimResult } from '../../../src/store/leases.ts';
import type { DueJob, Firing } from '../../../src/store/schedules.ts';
import type { Store } from '../../../src/store/store.ts';
import { cronDefinition, newJob, onceDefinition } from '../../support/definitions.ts';
import type { Opened } from '../engines.ts';
import { ended, TestWorker } from '../test-worker.ts';
import type { Ending, Step } from './step.ts';

/** Between two slots of every cron job here. */
const PERIOD = 4 * SECOND;
const WORKERS = 3;
/** Under the two jobs a history begins with, more would only thin out what happens to each. */
const MOST_JOBS = 5;

export interface Claim {
  readonly worker: TestWorker;
  readonly claimed: ClaimedRun;
}

export interface MachineOptions {
  /** Whether the next call is sent twice. */
  readonly twice?: () => boolean;
  /** Awaited after every call, with what it was. */
  readonly after?: (call: string) => Promise<void>;
}

export class Machine {
  readonly store: Store;
  readonly workers: readonly TestWorker[];
  readonly jobs: JobId[] = [];
  readonly runs = new Set<RunId>();
  /** All claims there ever were: acting on an old one is what late workers do. */
  readonly claims: Claim[] = [];
  readonly forced = new Set<RunId>();
  /** Slots that were fired or skipped, by job. */
  readonly slots = new Map<JobId, number>();
  readonly definitions = new Map<JobId, JobDefinition>();
  readonly #clock: Opened['clock'];
  readonly #options: MachineOptions;
  readonly #firings: Firing[] = [];
  readonly #written = new Map<string, number>();
  #made = 0;

  constructor({ store, clock }: Opened, options: MachineOptions = {}) {
    this.store = store;
    this.#clock = clock;
    this.#options = options;
    this.workers = Array.from({ length: WORKERS }, (_, n) => new TestWorker(() => store, workerId(uuid(n)), `w${n}`));
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.#step(step);
  }

  /** Ends all that is live: whatever happened before, every run can come to its end. */
  async drain(): Promise<void> {
    for (const worker of this.workers) await this.#send('abandon', () => this.store.abandon(worker.owner));
    const last = new TestWorker(() => this.store, workerId(uuid(99)), 'last');
    for (let left = 500; left > 0; left--) {
      this.#clock.advance(DAY);
      await this.#send('tick', () => this.store.tick(250));
      const request = last.request(250);
      const { claimed } = await this.#send('claim', () => this.store.claim(request));
      if (claimed.length === 0) return;
      const ends = claimed.map((held) => ended(held, { status: 'succeeded' }));
      await this.#send('finish', () => this.store.finish(last.owner, ends, null));
    }
    throw new Error('there is no end to what can be claimed');
  }

  async #step(step: Step): Promise<void> {
    switch (step.kind) {
      case 'createOnce':
      case 'createCron':
        return this.#create(step);
      case 'fireDue':
        return this.#fireDue(step.plan, step.jitter);
      case 'fireAgain':
        return this.#fire(pick(this.#firings, step.firing));
      case 'trigger':
        return this.#trigger(step.job, step.force);
      case 'claim':
        return this.#claim(step.worker, step.limit);
      case 'finish':
        return this.#finish(step.held, step.how, step.claims);
      case 'renew':
        return this.#renew(step.worker);
      case 'release':
        return this.#release(step.held);
      case 'intrude':
        return this.#intrude(step);
      case 'append':
        return this.#append(step.held, step.bytes);
      case 'advance':
        return this.#clock.advance(step.ms);
      case 'tick':
        return void (await this.#send('tick', () => this.store.tick(250)));
      case 'pass':
        return this.#pass(step.seconds);
      default:
        return this.#simple(step);
    }
  }

  async #simple(step: Step): Promise<void> {
    const { store } = this;
    if (step.kind === 'trim') {
      const policy = {
        auditKeepDays: 365,
        auditKeepCount: 100_000,
        onceKeepDays: 7,
        onceKeepCount: 3,
        outputBudgetBytes: step.outputBudgetBytes,
      };
      await this.#send('trim', () => store.trim(policy, 250));
    } else if (step.kind === 'cancel') {
      const run = pick([...this.runs], step.run);
      if (run !== null) await this.#send('cancel', () => store.cancel(run));
    } else if (step.kind === 'abandon' || step.kind === 'heartbeat') {
      const worker = pick(this.workers, step.worker);
      if (worker === null) return;
      if (step.kind === 'abandon') await this.#send('abandon', () => store.abandon(worker.owner));
      else await this.#send('heartbeat', () => worker.heartbeat());
    } else if (step.kind === 'pause' || step.kind === 'resume' || step.kind === 'update' || step.kind === 'delete') {
      const job = pick(this.jobs, step.job);
      if (job !== null) await this.#edit(step, job);
    }
  }

  async #edit(step: Extract<Step, { readonly job: number }>, job: JobId): Promise<void> {
    const { store } = this;
    const before = await this.#find(job);
    if (step.kind === 'pause') await this.#send('pause', () => store.pauseJob(job));
    if (step.kind === 'delete') await this.#send('delete', () => store.deleteJob(job, step.force));
    if (step.kind === 'resume') {
      const next = await this.#nextSlot(job);
      await this.#send('resume', () => store.resumeJob(job, next));
    }
    if (step.kind === 'update') {
      const known = await this.#find(job);
      if (known === null) return;
      const definition = { ...known.definition, description: `edit ${known.version}` };
      const nextSlot = known.version % 2 === 0 && known.definition.type === 'cron' ? await this.#nextSlot(job) : 'keep';
      await this.#send('update', () => store.updateJob({ job, ifVersion: known.version, definition, nextSlot }));
    }
    const after = await this.#find(job);
    // A slot that had come is counted as one.
    if (before !== null && after !== null && before.lastSlot !== after.lastSlot) {
      this.slots.set(job, (this.slots.get(job) ?? 0) + 1);
    }
  }

  async #create(step: Extract<Step, { readonly kind: 'createOnce' | 'createCron' }>): Promise<void> {
    if (this.jobs.length >= MOST_JOBS) return;
    const now = await this.store.now();
    const name = this.#made % 2 === 0 ? `job-${this.#made}` : null;
    const fields = { ...step.fields, name, keepFailedRuns: 1, outputLimitBytes: 4_096 };
    const definition =
      step.kind === 'createOnce'
        ? onceDefinition({ ...fields, runAt: step.delay === null ? null : now + step.delay })
        : cronDefinition(fields);
    const id = jobId(uuid(1_000 + this.#made++));
    const job = newJob(definition, { id, nextSlot: step.kind === 'createCron' ? now + PERIOD : null });
    this.jobs.push(id);
    this.definitions.set(id, definition);
    await this.#send('create', () => this.store.createJobs([job], null));
  }

  async #fireDue(plan: 'all' | 'latest' | 'none', jitter: number): Promise<void> {
    const { due, now } = await this.#send('tick', () => this.store.tick(250));
    for (const one of due) await this.#fire(firingOf(one, now, plan, jitter));
  }

  async #fire(firing: Firing | null): Promise<void> {
    if (firing === null) return;
    this.#firings.push(firing);
    const before = await this.#find(firing.job);
    await this.#send('fire', () => this.store.fire([firing]));
    const after = await this.#find(firing.job);
    // By what is seen, not by the reply: that may have been thrown away.
    if (before === null || after === null || before.lastSlot === after.lastSlot) return;
    const count = firing.runs.length + (firing.skipped?.count ?? 0);
    this.slots.set(firing.job, (this.slots.get(firing.job) ?? 0) + count);
  }

  async #trigger(index: number, force: boolean): Promise<void> {
    const job = pick(this.jobs, index);
    if (job === null) return;
    const request = uuid(5_000 + this.#made++);
    const result = await this.#send(
      'trigger',
      () => this.store.trigger({ job, request, fingerprint: '', trigger: 'manual', force }),
      (reply) => {
        if (force && 'run' in reply) this.forced.add(reply.run.id);
      },
    );
    if ('run' in result) this.runs.add(result.run.id);
  }

  async #claim(index: number, limit: number): Promise<void> {
    const worker = pick(this.workers, index);
    if (worker === null) return;
    const request = worker.request(limit);
    this.#note(worker, await this.#send('claim', () => this.store.claim(request)));
  }

  async #finish(index: number, how: Ending, claims: boolean): Promise<void> {
    const claim = this.#recent(index);
    if (claim === null) return;
    const { worker, claimed } = claim;
    const now = await this.store.now();
    const outcome = OUTCOMES[how];
    const delayed = retryAt(claimed.definition, claimed, outcome, now);
    const end = ended(claimed, outcome, { retryAt: delayed !== null && how === 'retryNow' ? now : delayed });
    const request = claims ? worker.request(2) : null;
    const finish = () => this.store.finish(worker.owner, [end], request);
    const reply = await this.#send(claims ? 'finish and claim' : 'finish', finish);
    if (reply.claim !== null) this.#note(worker, reply.claim);
  }

  async #renew(index: number): Promise<void> {
    const worker = pick(this.workers, index);
    if (worker === null) return;
    const newest = new Map(
      this.claims.filter((one) => one.worker === worker).map((one) => [one.claimed.run, one.claimed]),
    );
    const held = [...newest.values()].map(({ run, fence }) => ({ run, fence }));
    await this.#send('renew', () => this.store.renew(worker.owner, held));
  }

  async #release(index: number): Promise<void> {
    const claim = this.#recent(index);
    if (claim !== null) await this.#send('release', () => claim.worker.release(claim.claimed));
  }

  async #intrude(step: Extract<Step, { readonly kind: 'intrude' }>): Promise<void> {
    const claim = this.#recent(step.held);
    const worker = pick(this.workers, step.worker);
    if (claim === null || worker === null || claim.worker === worker) return;
    const mine = this.claims.some((one) => one.worker === worker && one.claimed.fence === claim.claimed.fence);
    if (!mine) await this.#send('intrude', () => worker[step.how](claim.claimed) as Promise<unknown>);
  }

  async #append(index: number, bytes: number): Promise<void> {
    const claim = this.#recent(index);
    if (claim === null) return;
    const key = `${claim.claimed.run}/${claim.claimed.fence}`;
    const offset = this.#written.get(key) ?? 0;
    this.#written.set(key, offset + bytes);
    const frame = { stream: 'stdout', at: 1, bytes: Buffer.alloc(bytes, 'x') } as const;
    await this.#send('append', () => claim.worker.append(claim.claimed, offset, frame));
  }

  async #pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.#clock.advance(SECOND);
      await this.#send('tick', () => this.store.tick(250));
    }
  }

  /** Mostly one of the newest claims, which may still count; sometimes any. */
  #recent(index: number): Claim | null {
    return pick(index % 5 === 0 ? this.claims : this.claims.slice(-4), index);
  }

  #note(worker: TestWorker, { claimed }: ClaimResult): void {
    for (const one of claimed) {
      this.claims.push({ worker, claimed: one });
      this.runs.add(one.run);
    }
  }

  async #find(job: JobId): Promise<Job | null> {
    const found = await this.store.findJob(job);
    return found.status === 'found' ? found.job : null;
  }

  /** The first slot after both now and the last one. */
  async #nextSlot(job: JobId): Promise<Instant> {
    const known = await this.#find(job);
    return Math.max(await this.store.now(), known?.lastSlot ?? 0) + PERIOD;
  }

  async #send<Reply>(
    call: string,
    send: () => Promise<Reply>,
    note: (reply: Reply) => void = () => {},
  ): Promise<Reply> {
    let reply = await send();
    note(reply);
    if (this.#options.twice?.() === true) {
      reply = await send();
      note(reply);
    }
    await this.#options.after?.(call);
    return reply;
  }
}

const OUTCOMES: Readonly<Record<Ending, Outcome>> = {
  succeed: { status: 'succeeded' },
  exit: { status: 'failed', reason: 'exit', exitCode: 1 },
  retryNow: { status: 'failed', reason: 'exit', exitCode: 2 },
  drained: { status: 'failed', reason: 'lost', detail: 'drained' },
  cancelled: { status: 'cancelled', exitCode: null, signal: 'SIGTERM' },
};

function firingOf(
  { job, version, slot }: DueJob,
  now: Instant,
  plan: 'all' | 'latest' | 'none',
  jitter: number,
): Firing {
  const overdue: Instant[] = [];
  for (let at = slot; at <= now && overdue.length < 100; at += PERIOD) overdue.push(at);
  const cut = plan === 'all' ? 0 : plan === 'latest' ? overdue.length - 1 : overdue.length;
  const passed = overdue.slice(0, cut);
  const [first, last] = [passed[0], passed.at(-1)];
  return {
    job,
    version,
    slot,
    runs: overdue.slice(cut).map((at) => ({ slot: at, readyAt: at + jitter })),
    skipped: first === undefined || last === undefined ? null : { first, last, count: passed.length, atLeast: false },
    next: (overdue.at(-1) ?? slot) + PERIOD,
  };
}

function pick<T>(list: readonly T[], index: number): T | null {
  return list.length === 0 ? null : (list[index % list.length] ?? null);
}

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}
