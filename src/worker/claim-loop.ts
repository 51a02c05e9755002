/**
 * Claims runs for the free slots and tells the ends of others: both in one call, and one call under way at a time. Ends
 * that come meanwhile go with the next.
 *
 *   asleep ──an end; or a free slot and a hint, or 5 s──► calling ──answer──► asleep
 *                                                          └──failure──► pause ──► calling, with the same claim number
 *
 * A store that says at once that there is work, and then has none for us, is asked ever more slowly.
 */
import type { Clock } from '../clock.ts';
import type { WorkerId } from '../domain/id.ts';
import { SECOND, type Millis } from '../domain/instant.ts';
import { messageOf } from '../errors.ts';
import type { ClaimRequest, ClaimResult, Ended, FinishResult } from '../store/leases.ts';
import { MOST_ITEMS, type Store } from '../store/store.ts';
import type { Assignment, Assignments } from './assignment.ts';
import { pause } from './at-most.ts';
import { Backoff } from './backoff.ts';
import { isFull, type Link } from './link.ts';
import { Signal } from './signal.ts';

/** A wait for work that lasted no longer told of work that was there already. */
const AT_ONCE: Millis = 20;
/** After a claim that such a wait promised something to and that got nothing: half of it at least, then ever longer. */
const FIRST_LULL: Millis = 200;
const LONGEST_LULL: Millis = SECOND;

export interface ClaimLoopOptions {
  readonly store: Pick<Store, 'claim' | 'finish' | 'waitForWork'>;
  readonly owner: WorkerId;
  readonly worker: string;
  readonly queues: readonly string[];
  readonly concurrency: number;
  readonly clock: Clock;
  readonly link: Link;
  readonly assignments: Assignments;
  /** @param sentAt when the answered claim was sent, by the monotonic clock: the leases count from then. */
  readonly onClaimed: (result: ClaimResult, sentAt: Millis) => void;
  /** The store has the end, or wants it no more. */
  readonly onAcknowledged: (assignment: Assignment, result: FinishResult) => void;
}

export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  readonly #backoff = new Backoff();
  readonly #lull = new Backoff(Math.random, FIRST_LULL, LONGEST_LULL);
  readonly #wake = new Signal();
  #claimNumber = 0;
  /** Sent, and its answer is not known. */
  #openClaim: ClaimRequest | null = null;
  #mayBeWork = true;
  /** Whether the last wait for work was over at once. */
  #promised = false;
  /** Whether that was followed by an empty claim. */
  #misled = false;
  #running = false;
  #claiming = true;
  readonly #end = new AbortController();
  #waiting: AbortController | null = null;
  #trouble: string | null = null;

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
  }

  /** Runs until {@link stop}. Never rejects. */
  async run(): Promise<void> {
    this.#running = true;
    while (!this.#end.signal.aborted) {
      const ended = this.#options.assignments.ended().slice(0, MOST_ITEMS);
      const claim = this.#nextClaim(ended.length > 0);
      if (ended.length > 0 || claim) {
        await this.#exchange(ended, claim);
      } else {
        this.#waitForWork();
        await this.#wake.wait();
      }
    }
    this.#running = false;
  }

  /** Whether runs that it has a slot for will be claimed. */
  get claiming(): boolean {
    return this.#running && this.#claiming;
  }

  /** What the store last said instead of taking a claim; null when it took it, or was not asked yet. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** A slot became free, or an end waits to be told. */
  wake(): void {
    this.#wake.set();
  }

  /** Claims no more; ends are still told. A claim whose answer is not known is asked for again, so that it can be released. */
  stopClaiming(): void {
    this.#claiming = false;
    this.#waiting?.abort();
    this.wake();
  }

  /** Whether a claim is under way whose answer is not known. */
  get asking(): boolean {
    return this.#openClaim !== null;
  }

  /** Whether nothing is left to tell or to learn. */
  get idle(): boolean {
    return this.#openClaim === null && this.#options.assignments.size === 0;
  }

  stop(): void {
    this.#end.abort();
    this.stopClaiming();
  }

  /**
   * Ends that wait to be told take no slot, and are few all the same: while the store takes none it gives no claims, so
   * no more can wait than there were slots.
   */
  #free(): number {
    const { assignments, concurrency } = this.#options;
    return Math.max(0, concurrency - assignments.busy().length);
  }

  #nextClaim(withEnds: boolean): ClaimRequest | null {
    if (this.#openClaim) return this.#openClaim;
    const limit = Math.min(this.#free(), MOST_ITEMS);
    if (!this.#claiming || limit === 0 || !(this.#mayBeWork || withEnds)) return null;
    const { owner, worker, queues } = this.#options;
    this.#mayBeWork = false;
    this.#openClaim = { owner, worker, queues, limit, claimNumber: ++this.#claimNumber };
    return this.#openClaim;
  }

  async #exchange(assignments: readonly Assignment[], claim: ClaimRequest | null): Promise<void> {
    const { link } = this.#options;
    try {
      await this.#call(assignments, claim);
      link.works();
      if (claim) this.#trouble = null;
      this.#backoff.reset();
    } catch (error) {
      link.failed(error);
      if (claim) this.#trouble = messageOf(error);
      if (isFull(error) && dropOutput(assignments)) return;
      await this.#pause(this.#backoff.next());
    }
  }

  async #call(assignments: readonly Assignment[], claim: ClaimRequest | null): Promise<void> {
    const { store, owner } = this.#options;
    const sentAt = this.#options.clock.monotonic();
    if (assignments.length === 0) {
      if (claim) this.#claimed(await store.claim(claim), sentAt);
      return;
    }
    const ended = assignments.flatMap((assignment) => endedOf(assignment, sentAt));
    const answer = await store.finish(owner, ended, claim);
    for (const [index, assignment] of assignments.entries()) {
      this.#options.onAcknowledged(assignment, answer.results[index] ?? 'lost');
    }
    if (claim && answer.claim) this.#claimed(answer.claim, sentAt);
  }

  #claimed(result: ClaimResult, sentAt: Millis): void {
    this.#openClaim = null;
    if (result.more) this.#mayBeWork = true;
    this.#misled = this.#promised && result.claimed.length === 0;
    if (!this.#misled) this.#lull.reset();
    this.#options.onClaimed(result, sentAt);
  }

  /** Only with a free slot: whoever waits can be the one that is told, and another worker would not be. */
  #waitForWork(): void {
    if (!this.#claiming || this.#free() === 0) return this.#waiting?.abort();
    if (this.#waiting) return;
    const waiting = new AbortController();
    this.#waiting = waiting;
    void this.#listen(waiting.signal);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const { store, queues, clock } = this.#options;
    try {
      if (this.#misled) await pause(this.#lull.next(), signal);
      const askedAt = clock.monotonic();
      await store.waitForWork(queues, signal);
      this.#promised = clock.monotonic() - askedAt <= AT_ONCE;
    } catch {
      await this.#pause(this.#backoff.next());
    }
    this.#waiting = null;
    this.#mayBeWork = true;
    this.wake();
  }

  /** Only stopping cuts it short. */
  #pause(ms: Millis): Promise<void> {
    return pause(ms, this.#end.signal);
  }
}

function endedOf({ result }: Assignment, now: Millis): Ended[] {
  return result ? [{ ...result.ended, endedAgoMs: Math.round(now - result.endedAt) }] : [];
}

/** A full disk takes no output; the ends themselves are small. @returns whether there was any. */
function dropOutput(assignments: readonly Assignment[]): boolean {
  let dropped = false;
  for (const assignment of assignments) {
    const { result } = assignment;
    if (!result?.ended.output?.frames.length) continue;
    const total = result.ended.output.frames.reduce((sum, { bytes }) => sum + bytes.length, result.ended.output.offset);
    assignment.result = { ...result, ended: { ...result.ended, output: { offset: total, frames: [] } } };
    assignment.channel.discard();
    dropped = true;
  }
  return dropped;
}
