/**
 * A worker: claims runs, executes them, and tells what became of them.
 *
 *   new ──start──► active ──stop──► draining ──its runs ended──► stopped
 *                     │                │ └──drain timeout, or stop({ now })──► ending them ──► stopped
 *                     └──asked to──► draining, with no timeout, until it is stopped
 *
 * Its parts: `claim-loop.ts` talks to the store about claims and ends, `lease-keeper.ts` about leases, `output/` about
 * output, `presence.ts` about the worker itself; `attempts.ts` deals with the children. They share the assignments.
 */
import type { Clock } from '../clock.ts';
import type { WorkerId } from '../domain/id.ts';
import { SECOND, type Millis } from '../domain/instant.ts';
import { hostQueue } from '../domain/queue.ts';
import { thisInstance } from '../instance.ts';
import type { Logger } from '../log.ts';
import type { Health, Service } from '../service.ts';
import type { ClaimResult, FinishResult, Held } from '../store/leases.ts';
import type { Hint, Store } from '../store/store.ts';
import type { WorkerInfo } from '../store/workers.ts';
import { Allowances } from './allowances.ts';
import { Assignments, type Assignment } from './assignment.ts';
import { atMost, pause } from './at-most.ts';
import { Attempts } from './attempts.ts';
import { Condition } from './condition.ts';
import { ClaimLoop } from './claim-loop.ts';
import { EngineClock } from './engine-clock.ts';
import type { Environment } from './environment.ts';
import type { Executor } from './executor/executor.ts';
import type { StandIn } from './executor/stand-in.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { Link } from './link.ts';
import { namesakesOf, SEEN_AGAIN_WITHIN, warnOfNamesakes } from './namesakes.ts';
import { OutputPump } from './output/output-pump.ts';
import { buryTheDead, Presence } from './presence.ts';
import { release } from './release.ts';

export interface WorkerOptions {
  readonly store: Store;
  /** The worker closes it when it stops. */
  readonly executor: Executor;
  /**
   * Ends commands while the worker stands still; closed with it, too. Default: none, where nobody else could begin a run
   * anew.
   */
  readonly standIn?: StandIn;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Made anew at each start. */
  readonly id: WorkerId;
  /** As people see it. The queue `host:<name>` is served as well. */
  readonly name: string;
  readonly host: string;
  readonly version: string;
  readonly queues: readonly string[];
  /** How many runs at once; at least 1. */
  readonly concurrency: number;
  /** How long `stop` lets runs go on. */
  readonly drainTimeoutMs: Millis;
  /** What commands find in their environment, before their job's and their run's own variables. */
  readonly environment: Environment;
  /** Where commands start whose job names no `cwd`. */
  readonly home: string;
}

export interface Worker extends Service {
  /**
   * Drains: claims no more, lets runs end until the drain timeout, ends the rest as `lost` (detail `drained`), and tells
   * the store. With `now` it ends them at once; also while an earlier `stop` waits for them.
   */
  stop(options?: { readonly now?: boolean }): Promise<void>;
  /** Whether it claims runs, and if not, why. */
  health(): Health;
}

export function createWorker(options: WorkerOptions): Worker {
  return new StoreWorker(options);
}

/** Between TERM and KILL at the end of a drain, whatever the jobs say: a stop has to end some time. */
const DRAINED_GRACE: Millis = 10 * SECOND;
/** The same for somebody who asked twice. */
const HURRIED_GRACE: Millis = SECOND;
/** How long the last ends may take to be told; their leases lapse otherwise. */
const TELL_WITHIN: Millis = 10 * SECOND;
const TELL_HURRIED_WITHIN: Millis = 2 * SECOND;

class StoreWorker implements Worker {
  readonly #options: WorkerOptions;
  readonly #assignments = new Assignments();
  readonly #link: Link;
  readonly #engineClock: EngineClock;
  readonly #pump: OutputPump;
  readonly #attempts: Attempts;
  readonly #claims: ClaimLoop;
  readonly #leases: LeaseKeeper;
  readonly #presence: Presence;
  readonly #changed = new Condition();
  readonly #instance = thisInstance();
  /** Runs whose cancel came while a claim was under way: it can overtake the claim's answer. */
  readonly #cancelledEarly = new Set<string>();
  /** Aborted when somebody asks for a stop `now`. */
  readonly #hurry = new AbortController();
  /** Aborted when no call may be repeated any more. */
  readonly #gone = new AbortController();
  #state: 'new' | WorkerInfo['state'] = 'new';
  #starting: Promise<void> | null = null;
  #loop: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;
  #unsubscribe: () => void = () => {};

  constructor(options: WorkerOptions) {
    const { store, clock, logger, id: owner } = options;
    const assignments = this.#assignments;
    this.#link = new Link(logger);
    const shared = { store, owner, clock, link: this.#link, assignments };
    this.#options = options;
    this.#engineClock = new EngineClock(clock, store);
    this.#pump = new OutputPump({ ...shared, clock: this.#engineClock, onLost: (held) => this.#onLost(held) });
    const allowances = new Allowances(options.standIn ?? null, clock);
    this.#attempts = new Attempts({
      ...options,
      assignments,
      allowances,
      engineClock: this.#engineClock,
      pump: this.#pump,
      onChange: () => this.#onChange(),
    });
    this.#claims = new ClaimLoop({
      ...shared,
      worker: options.name,
      queues: queuesOf(options),
      concurrency: options.concurrency,
      onClaimed: (result, sentAt) => this.#onClaimed(result, sentAt),
      onAcknowledged: (assignment, result) => this.#onAcknowledged(assignment, result),
    });
    this.#leases = new LeaseKeeper({
      ...shared,
      onRenewed: (assignment) => this.#attempts.renewed(assignment),
      onCancel: (assignment) => this.#attempts.cancel(assignment),
      onLost: (assignment) => this.#attempts.lose(assignment),
      onContactLost: (assignment, graceMs) => this.#onContactLost(assignment, graceMs),
    });
    this.#presence = new Presence({ store, info: () => this.#info(), onDrain: () => this.#retire(), logger });
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  stop({ now = false }: { readonly now?: boolean } = {}): Promise<void> {
    if (now) this.#hurry.abort();
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  health(): Health {
    const running = this.#assignments.living().length;
    if (this.#state === 'draining') return { ready: false, detail: `draining: claims no more, ${running} still run` };
    if (this.#state === 'stopped') return { ready: false, detail: 'stopped' };
    if (!this.#claims.claiming) return { ready: false, detail: 'not running' };
    if (this.#claims.trouble !== null) return { ready: false, detail: this.#claims.trouble };
    return { ready: true, detail: `claims runs: ${running} of ${this.#options.concurrency} slots busy` };
  }

  async #start(): Promise<void> {
    if (this.#stopping) return;
    this.#state = 'active';
    try {
      await this.#presence.start();
      await buryTheDead(this.#options.store, this.#info(), this.#options.logger, this.#gone.signal);
    } catch (error) {
      this.#presence.stop();
      this.#state = 'new';
      throw error;
    }
    if (this.#stopping) return;
    this.#unsubscribe = this.#options.store.subscribe((hint) => this.#onHint(hint));
    this.#loop = this.#claims.run();
    void this.#lookForNamesakes();
  }

  /** Never rejects: a store that is away is told of elsewhere. */
  async #lookForNamesakes(): Promise<void> {
    const { store, logger } = this.#options;
    if (store.capabilities.exclusive) return;
    try {
      const before = await namesakesOf(store, this.#info());
      if (before.length === 0) return;
      await pause(SEEN_AGAIN_WITHIN, this.#gone.signal);
      if (!this.#gone.signal.aborted) await warnOfNamesakes(store, this.#info(), before, logger);
    } catch (error) {
      logger.debug({ err: error }, 'could not look for workers of the same name');
    }
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    const wasActive = this.#state !== 'new';
    if (wasActive) await this.#drain();
    this.#unsubscribe();
    this.#gone.abort();
    this.#claims.stop();
    this.#leases.stop();
    this.#pump.stop();
    this.#presence.stop();
    await Promise.all([this.#options.executor.close(), this.#options.standIn?.close()]);
    this.#state = 'stopped';
    if (wasActive) await atMost(TELL_HURRIED_WITHIN, Promise.all([this.#presence.tell(), this.#loop]));
  }

  /** Somebody asked for it: what runs goes on for as long as it takes. */
  #retire(): void {
    if (this.#state !== 'active') return;
    this.#claimNoMore();
    this.#options.logger.info(
      'asked to drain: claims no more runs; once those that it has have ended, it can be stopped',
    );
  }

  #claimNoMore(): void {
    this.#state = 'draining';
    this.#claims.stopClaiming();
    void this.#presence.tell();
    void this.#release(this.#attempts.takeBack());
  }

  async #drain(): Promise<void> {
    const { logger, drainTimeoutMs } = this.#options;
    this.#claimNoMore();
    const running = this.#assignments.living().length;
    if (running > 0) logger.info({ running }, 'waiting for runs to end');
    await atMost(drainTimeoutMs, this.#untilChildless(), this.#hurry.signal);
    await this.#endAll();
    await this.#tellTheRest();
  }

  /** No child is left. A store that is away must not keep the process for long. */
  async #tellTheRest(): Promise<void> {
    const told = this.#changed.until(() => this.#claims.idle);
    await atMost(TELL_WITHIN, told, this.#hurry.signal);
    if (this.#hurry.signal.aborted) await atMost(TELL_HURRIED_WITHIN, told);
    const untold = this.#assignments.size;
    if (untold > 0) this.#options.logger.error({ runs: untold }, 'the store could not be told of all that was claimed');
  }

  async #endAll(): Promise<void> {
    const running = this.#assignments.living().length;
    if (running === 0) return;
    this.#options.logger.warn({ running }, 'ending runs that did not end in time');
    const end = (): void => this.#attempts.endAll(this.#hurry.signal.aborted ? HURRIED_GRACE : DRAINED_GRACE);
    end();
    this.#hurry.signal.addEventListener('abort', end);
    await this.#untilChildless();
  }

  #untilChildless(): Promise<void> {
    return this.#changed.until(() => this.#assignments.living().length === 0);
  }

  #release(unstarted: readonly Assignment[]): Promise<void> {
    const { store, id: owner } = this.#options;
    const onReleased = (assignment: Assignment): void => this.#attempts.forget(assignment);
    return release({ store, owner, link: this.#link, signal: this.#gone.signal, onReleased }, unstarted);
  }

  #onClaimed(result: ClaimResult, sentAt: Millis): void {
    this.#engineClock.set(result.now);
    this.#attempts.add(result.claimed, sentAt);
    for (const run of this.#cancelledEarly) this.#onHint({ kind: 'cancel', run });
    this.#cancelledEarly.clear();
    if (this.#state !== 'active') void this.#release(this.#attempts.takeBack());
    this.#leases.watch();
    this.#changed.notify();
  }

  #onAcknowledged(assignment: Assignment, result: FinishResult): void {
    const { jobId: job, run, attempt } = assignment.claimed;
    if (result === 'lost') this.#options.logger.warn({ job, run, attempt }, 'run had been given up before it ended');
    this.#assignments.remove(assignment);
    assignment.channel.discard();
    this.#changed.notify();
  }

  #onChange(): void {
    this.#claims.wake();
    this.#changed.notify();
  }

  #onHint(hint: Hint): void {
    // The store says whether it is so: not asked in the listener's turn, in which it may be committing.
    if (hint.kind === 'drain' && hint.worker === this.#options.id) queueMicrotask(() => void this.#presence.tell());
    if (hint.kind !== 'cancel') return;
    if (this.#claims.asking) this.#cancelledEarly.add(hint.run);
    for (const assignment of this.#assignments.ofRun(hint.run)) this.#attempts.cancel(assignment);
  }

  #onLost(held: Held): void {
    const assignment = this.#assignments.get(held);
    if (assignment) this.#attempts.lose(assignment);
  }

  /** What was not started yet is given back: nothing is lost with it. */
  #onContactLost(assignment: Assignment, graceMs: Millis): void {
    if (assignment.execution) this.#attempts.loseContact(assignment, graceMs);
    else if (this.#attempts.takeBackOne(assignment)) void this.#release([assignment]);
  }

  #info(): WorkerInfo {
    const { id, name, host, version, concurrency } = this.#options;
    const state = this.#state === 'new' ? 'active' : this.#state;
    const running = this.#assignments.living().length;
    const self = { id, name, host, pid: process.pid, instance: this.#instance, version };
    return { ...self, queues: queuesOf(this.#options), concurrency, running, state };
  }
}

function queuesOf({ queues, name }: WorkerOptions): readonly string[] {
  return [...new Set([...queues, hostQueue(name)])];
}
