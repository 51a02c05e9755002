/**
 * Keeps the leases of all that the worker holds: one call every 5 s, while it holds any.
 *
 * While it cannot, commands run on until their deadline (`contact.ts`). The timer for that stands apart from the calls,
 * since a call may hang. There are two exceptions:
 *
 * - Where only one process can have the store open, nobody else can give a run to another worker: no deadline, and a
 *   command outlives a full disk of any length.
 * - A deadline that is noticed late tells of a process that stood still (a suspended laptop, SIGSTOP), not of a store
 *   that is away: the store is asked once before anything is ended.
 */
import type { Clock } from '../clock.ts';
import type { WorkerId } from '../domain/id.ts';
import { HOUR, SECOND, type Millis } from '../domain/instant.ts';
import { RENEW_EVERY, type RenewResult } from '../store/leases.ts';
import { MOST_ITEMS, type Store } from '../store/store.ts';
import type { Assignment, Assignments } from './assignment.ts';
import { atMost } from './at-most.ts';
import { Backoff } from './backoff.ts';
import { contactDeadlines, type ContactDeadlines } from './contact.ts';
import type { Link } from './link.ts';

export interface LeaseKeeperOptions {
  readonly store: Pick<Store, 'renew' | 'capabilities'>;
  readonly owner: WorkerId;
  readonly clock: Clock;
  readonly link: Link;
  readonly assignments: Assignments;
  readonly onRenewed: (assignment: Assignment) => void;
  readonly onCancel: (assignment: Assignment) => void;
  readonly onLost: (assignment: Assignment) => void;
  /** Contact was lost for so long that the child must end, and be dead after `graceMs`. May come again. */
  readonly onContactLost: (assignment: Assignment, graceMs: Millis) => void;
}

/** A deadline noticed so much after its time is one that this process slept through. */
const LATE: Millis = SECOND;
/** How long the store then has for an answer. */
const LAST_CHANCE: Millis = 2 * SECOND;

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #backoff = new Backoff();
  #renewal: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;
  #calling = false;
  #stopped = false;
  /** Whether the store is being asked a last time before anything is ended. */
  #asking = false;
  /** When it was last asked so, by the monotonic clock. */
  #askedAt: Millis = -Infinity;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  /** Something was claimed. */
  watch(): void {
    if (this.#stopped) return;
    if (!this.#calling && !this.#renewal) this.#renewIn(RENEW_EVERY);
    this.#armDeadline();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#renewal) clearTimeout(this.#renewal);
    if (this.#deadline) clearTimeout(this.#deadline);
  }

  #renewIn(delay: Millis): void {
    this.#renewal = setTimeout(() => void this.#renew(), delay);
  }

  async #renew(): Promise<void> {
    this.#renewal = null;
    this.#calling = true;
    const startedAt = this.#options.clock.monotonic();
    const pause = (await this.#renewAll()) ? RENEW_EVERY : this.#backoff.next();
    this.#calling = false;
    if (this.#stopped) return;
    const spent = this.#options.clock.monotonic() - startedAt;
    if (this.#options.assignments.size > 0) this.#renewIn(Math.max(0, pause - spent));
    this.#armDeadline();
  }

  /** @returns whether the store answered. */
  async #renewAll(): Promise<boolean> {
    const { assignments, link } = this.#options;
    const held = assignments.held();
    if (held.length === 0) return true;
    try {
      for (let from = 0; from < held.length; from += MOST_ITEMS) {
        await this.#renewSome(held.slice(from, from + MOST_ITEMS));
      }
      link.works();
      this.#backoff.reset();
      return true;
    } catch (error) {
      link.failed(error);
      return false;
    }
  }

  async #renewSome(held: readonly Assignment[]): Promise<void> {
    const { store, owner, clock } = this.#options;
    const sentAt = clock.monotonic();
    const request = held.map(({ claimed: { run, fence } }) => ({ run, fence }));
    const results = await store.renew(owner, request);
    for (const [index, assignment] of held.entries()) this.#apply(assignment, results[index] ?? 'lost', sentAt);
  }

  #apply(assignment: Assignment, result: RenewResult, sentAt: Millis): void {
    if (result === 'lost') return this.#options.onLost(assignment);
    assignment.renewedAt = sentAt;
    this.#options.onRenewed(assignment);
    if (result === 'cancel') this.#options.onCancel(assignment);
  }

  /** Ends what is due, and sets the timer for what is next. */
  #armDeadline(): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#deadline = null;
    if (this.#stopped || this.#asking || this.#options.store.capabilities.exclusive) return;
    const busy = this.#options.assignments.busy();
    if (busy.some((assignment) => this.#sleptThrough(assignment))) return void this.#askOnce();
    const next = Math.min(...busy.map((assignment) => this.#dueIn(assignment)));
    if (next === Infinity) return;
    this.#deadline = setTimeout(() => this.#armDeadline(), Math.min(Math.ceil(next), HOUR));
  }

  #sleptThrough(assignment: Assignment): boolean {
    if (assignment.lost || assignment.contactLost) return false;
    const { termAt } = this.#deadlines(assignment);
    return this.#options.clock.monotonic() > termAt + LATE && this.#askedAt < termAt;
  }

  async #askOnce(): Promise<void> {
    this.#asking = true;
    await atMost(LAST_CHANCE, this.#renewAll());
    this.#asking = false;
    this.#askedAt = this.#options.clock.monotonic();
    this.#armDeadline();
  }

  #deadlines({ renewedAt, claimed }: Assignment): ContactDeadlines {
    return contactDeadlines(renewedAt, claimed.definition);
  }

  /** @returns in how many milliseconds to look again; Infinity for one that is being ended. */
  #dueIn(assignment: Assignment): Millis {
    if (assignment.lost) return Infinity;
    const now = this.#options.clock.monotonic();
    const { termAt, killAt } = this.#deadlines(assignment);
    if (now < termAt) return termAt - now;
    this.#options.onContactLost(assignment, Math.max(0, killAt - now));
    return Infinity;
  }
}
