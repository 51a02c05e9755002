/** What can be seen from outside: children as they live, and what the engine was asked and said. */
import type { Instant, Millis } from '../../src/domain/instant.ts';
import type { Outcome } from '../../src/domain/run.ts';
import type { ClaimedRun, ClaimRequest, ClaimResult, Held } from '../../src/store/leases.ts';
import type { FireResult, Firing, Tick } from '../../src/store/schedules.ts';
import type { WorkerInfo } from '../../src/store/workers.ts';
import type { Method } from './engine.ts';
import type { Exchange } from './link.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Timeline } from './timeline.ts';

export interface Child {
  readonly worker: SimulatedProcess;
  readonly job: string;
  readonly run: string;
  readonly attempt: number;
  readonly fence: number;
  /** The slot that its environment names. */
  readonly scheduledFor: Instant | null;
  /** In simulated time. */
  readonly startedAt: Millis;
  /** By the engine's clock, at the latest moment that it has shown until then. */
  readonly engineAt: Instant;
  /** In simulated time; Infinity while it lives. */
  endedAt: Millis;
  /** What its worker was told; null as long as it was not. */
  outcome: Outcome | null;
  /** What it wrote and its worker read. */
  written: string;
}

export interface Answered {
  readonly claimNumber: number;
  readonly at: Millis;
}

export class Witness {
  readonly children: Child[] = [];
  /** When owners showed themselves to the engine: carried-out claims, ends, renewals and heartbeats. */
  readonly contacts = new Map<string, Millis[]>();
  /** Which process is behind an owner. */
  readonly owners = new Map<string, SimulatedProcess>();
  /** When the engine gave an attempt up, by run. */
  readonly givenUp = new Map<string, Millis[]>();
  /** By which claim of its owner an attempt came about, by run and fence. */
  readonly claims = new Map<string, Pick<ClaimRequest, 'owner' | 'claimNumber'>>();
  /** Claims that their callers have the answers of, by owner. */
  readonly answered = new Map<string, Answered[]>();
  /** When an attempt's worker asked for its renewal, by run and fence. */
  readonly renewals = new Map<string, Millis[]>();
  readonly early: string[] = [];
  fired = 0;
  exchanges = 0;
  #latest: Instant = -Infinity;
  readonly #engine: SimulatedProcess;
  readonly #timeline: Timeline;

  constructor(engine: SimulatedProcess, timeline: Timeline) {
    this.#engine = engine;
    this.#timeline = timeline;
  }

  /** The latest moment that the engine's clock has shown. */
  latest(): Instant {
    this.#latest = Math.max(this.#latest, this.#engine.clock.now());
    return this.#latest;
  }

  childStarted(worker: SimulatedProcess, env: Readonly<Record<string, string>>): Child {
    const slot = env['JOBSCHED_SCHEDULED_FOR'];
    const child: Child = {
      worker,
      job: env['JOBSCHED_JOB_ID'] ?? '',
      run: env['JOBSCHED_RUN_ID'] ?? '',
      attempt: Number(env['JOBSCHED_ATTEMPT']),
      fence: Number(env['JOBSCHED_FENCE']),
      scheduledFor: slot === undefined || slot === '' ? null : Date.parse(slot),
      startedAt: this.#timeline.now,
      engineAt: this.latest(),
      endedAt: Infinity,
      outcome: null,
      written: '',
    };
    this.children.push(child);
    return child;
  }

  exchange({ from, method, args, answer }: Exchange): void {
    this.exchanges += 1;
    this.latest();
    if (method === 'heartbeat') this.owners.set((args[0] as WorkerInfo).id, from);
    if (method === 'heartbeat') this.#contact((args[0] as WorkerInfo).id);
    if (method === 'claim') this.#contact((args[0] as ClaimRequest).owner);
    if (method === 'finish' || method === 'renew') this.#contact(args[0] as string);
    const claim = claimOf(method, args);
    if (claim) for (const { run, fence } of claimedIn(method, answer)) this.claims.set(`${run} ${fence}`, claim);
    if (method === 'fire') this.#fire(args[0] as readonly Firing[], answer as readonly FireResult[]);
    if (method === 'tick') for (const run of (answer as Tick).lost) this.#gaveUp(run);
    if (method === 'abandon') for (const run of answer as readonly string[]) this.#gaveUp(run);
  }

  /** The caller asks. */
  asks({ method, args }: Pick<Exchange, 'method' | 'args'>): void {
    if (method !== 'renew') return;
    for (const { run, fence } of args[1] as readonly Held[]) {
      pushTo(this.renewals, `${run} ${fence}`, this.#timeline.now);
    }
  }

  /** The caller has the answer. */
  told({ method, args }: Pick<Exchange, 'method' | 'args'>): void {
    const claim = claimOf(method, args);
    if (claim) pushTo(this.answered, claim.owner, { claimNumber: claim.claimNumber, at: this.#timeline.now });
  }

  #contact(owner: string): void {
    pushTo(this.contacts, owner, this.#timeline.now);
  }

  #gaveUp(run: string): void {
    pushTo(this.givenUp, run, this.#timeline.now);
  }

  #fire(firings: readonly Firing[], results: readonly FireResult[]): void {
    for (const [index, { job, slot, runs }] of firings.entries()) {
      if (results[index]?.status !== 'fired') continue;
      this.fired += 1;
      const newest = Math.max(slot, ...runs.map((run) => run.slot));
      if (newest > this.latest()) this.early.push(`slot ${newest} of ${job} was fired at ${this.latest()}`);
    }
  }
}

function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function claimOf(method: Method, args: readonly unknown[]): ClaimRequest | null {
  if (method === 'claim') return args[0] as ClaimRequest;
  return method === 'finish' ? (args[2] as ClaimRequest | null) : null;
}

function claimedIn(method: Method, answer: unknown): readonly ClaimedRun[] {
  if (method === 'claim') return (answer as ClaimResult).claimed;
  return method === 'finish' ? ((answer as { readonly claim: ClaimResult | null }).claim?.claimed ?? []) : [];
}
