/**
 * The store contract: every change of state is one method here, named as the transition that it is.
 *
 * Three rules hold for all of them (design section 4):
 *
 * 1. *Atomic, and the engine's clock is the only clock.* A method is one transaction of the engine. Times in arguments
 *    are those that a person or a schedule named; "now" is always the engine's.
 * 2. *Every call can be repeated*, since its reply can be lost. Ids are made before the call and a known id answers
 *    `existing`; a repeated claim gets the same runs and fences; a repeated end or output answers `duplicate`.
 * 3. *Nothing is thrown at a caller that is merely late.* Each item answers from a closed union. A method throws only
 *    when the engine is broken or full: `JobschedError` with code `engine_unavailable`, `engine_full` or
 *    `engine_read_only`. Where each item of a list is all or nothing, one that fails for a bug of ours fails alone.
 *
 * A method that takes a list takes at most {@link MOST_ITEMS} items, all for different things, and answers in their
 * order. Lists that methods return are newest first, where nothing else is said.
 *
 * `test/contract` is this file as a suite; it runs against every engine.
 */
import type { Backup } from './backup.ts';
import type { AuditStore } from './audit.ts';
import type { JobStore } from './jobs.ts';
import type { KeyStore } from './keys.ts';
import type { LeaseStore } from './leases.ts';
import type { Losses } from './losses.ts';
import type { OutputStore } from './output.ts';
import type { QueueStore } from './queues.ts';
import type { RunStore } from './runs.ts';
import type { SampleStore } from './samples.ts';
import type { ScheduleStore } from './schedules.ts';
import type { ViewStore } from './views.ts';
import type { WorkerStore } from './workers.ts';
import type { Finding } from '../domain/finding.ts';
import type { Instant } from '../domain/instant.ts';

export const MOST_ITEMS = 250;

export interface Store
  extends
    JobStore,
    ScheduleStore,
    RunStore,
    LeaseStore,
    OutputStore,
    WorkerStore,
    QueueStore,
    SampleStore,
    KeyStore,
    AuditStore,
    ViewStore,
    Hints {
  /** What the engine can do beyond the contract. Ask these, never which engine it is. */
  readonly capabilities: Capabilities;
  /** The engine's clock. */
  now(): Promise<Instant>;
  /**
   * Resolves when the engine can be read and written, as far as one can tell. It really asks: after a write that failed,
   * it tries one. Rejects as any method does when the engine is broken or full.
   */
  health(): Promise<void>;
  /** What is to be said of the engine, for `jobsched doctor`: whether it keeps what it is given, and has room. */
  checkup(): Promise<readonly Finding[]>;
  /**
   * A copy of all data, made while the store works. Null: the engine makes its own.
   *
   * @throws JobschedError `too_many_requests` while there is another, `engine_full`.
   */
  backup(): Promise<Backup | null>;
  /** What this store acknowledged and the engine lost: see `losses.ts`. */
  losses(): Promise<Losses>;
  /** Ends what is under way, every wait for work too, and lets the engine go. Calls after it throw. Repeatable. */
  close(): Promise<void>;
}

export interface Capabilities {
  /** Only one process can have this store open, so whoever held a lease before this one was opened is dead. */
  readonly exclusive: boolean;
  /** Where the data lies, for people: a file, or an address without its password. */
  readonly location: string;
  /** The flags with which another process comes to the same data, for people to type; without its password. */
  readonly flags?: readonly string[];
}

/**
 * Hints that something happened, so that nobody polls. A hint may be lost or come twice: a sweep every 5 s is the
 * guarantee.
 *
 * - `work`: a run may have become claimable in the queue.
 * - `schedule`: what `tick` would return next may come earlier than it said, but for the slots that `fire` set: its
 *   caller knows them.
 * - `cancel`: the run is flagged; its worker should end it.
 * - `drain`: the worker is asked to claim no more.
 * - `change`: `changes` has something new.
 */
export type Hint =
  | { readonly kind: 'work'; readonly queue: string }
  | { readonly kind: 'schedule' }
  | { readonly kind: 'cancel'; readonly run: string }
  | { readonly kind: 'drain'; readonly worker: string }
  | { readonly kind: 'change' };

export interface Hints {
  /** @returns a function that ends the subscription. The listener must neither throw nor call the store in its turn. */
  subscribe(listener: (hint: Hint) => void): () => void;
  /**
   * Resolves when work may have come to one of the queues, at once when there is some already that this caller could
   * claim (it may have come since the claim that found none), when `signal` aborts, and after 5 s at the latest. What is
   * pending and may not be claimed is no work: it would let the caller ask without a pause. Never rejects for an abort.
   */
  waitForWork(queues: readonly string[], signal: AbortSignal): Promise<void>;
}
