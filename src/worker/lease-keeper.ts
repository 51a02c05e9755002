/**
 * Keeps the leases of all that the worker holds: one call every 5 s, while it holds any.
 *
 * While it cannot, commands run on until their deadline (`contact.ts`). The timer for that stands apart from the calls,
 * since a call may hang.
 */
import type { Clock } from '../clock.ts';
import type { WorkerId } from '../domain/id.ts';
import { HOUR, type Millis } from '../domain/instant.ts';
import { RENEW_EVERY, type RenewResult } from '../store/leases.ts';
import { MOST_ITEMS, type Store } from '../store/store.ts';
import type { Assignment, Assignments } from './assignment.ts';
import { Backoff } from './backoff.ts';
import { contactDeadlines } from './contact.ts';
import type { Link } from './link.ts';

export interface LeaseKeeperOptions {
  readonly store: Pick<Store, 'renew'>;
  readonly owner: WorkerId;
  readonly clock: Clock;
  readonly link: Link;
  readonly assignments: Assignments;
  readonly onCancel: (assignment: Assignment) => void;
  readonly onLost: (assignment: Assignment) => void;
  /** Contact was lost for so long that the child must end, and be dead after `graceMs`. May come again. */
  readonly onContactLost: (assignment: Assignment, graceMs: Millis) => void;
}

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #backoff = new Backoff();
  #renewal: NodeJS.Timeout | null = null;
  #deadline: NodeJS.Timeout | null = null;
  #calling = false;
  #stopped = false;

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
    if (result === 'cancel') this.#options.onCancel(assignment);
  }

  /** Ends what is due, and sets the timer for what is next. */
  #armDeadline(): void {
    if (this.#deadline) clearTimeout(this.#deadline);
    this.#deadline = null;
    const next = Math.min(...this.#options.assignments.busy().map((assignment) => this.#dueIn(assignment)));
    if (next === Infinity || this.#stopped) return;
    this.#deadline = setTimeout(() => this.#armDeadline(), Math.min(Math.ceil(next), HOUR));
  }

  /** @returns in how many milliseconds to look again; Infinity for one that is being ended. */
  #dueIn(assignment: Assignment): Millis {
    if (assignment.lost) return Infinity;
    const now = this.#options.clock.monotonic();
    const { termAt, killAt } = contactDeadlines(assignment.renewedAt, assignment.claimed.definition);
    if (now < termAt) return termAt - now;
    this.#options.onContactLost(assignment, Math.max(0, killAt - now));
    return Infinity;
  }
}
