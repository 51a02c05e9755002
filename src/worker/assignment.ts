/**
 * An assignment: one attempt that this worker has claimed, until the store has its end.
 *
 *   claimed ──start──► running ──child ended, output handed over──► ended ──acknowledged──► gone
 *      ├──drain, or contact lost──► released ─────────────────────────────────────────────► gone
 *      └──lost, before it ended: the child is killed, nothing is told─────────────────────► gone
 *
 * A run can be here twice: a lost attempt whose child is not dead yet, and the next one. Hence the key has the fence.
 */
import type { RunId } from '../domain/id.ts';
import type { Millis } from '../domain/instant.ts';
import type { ClaimedRun, Ended, Held } from '../store/leases.ts';
import type { Execution } from './executor/executor.ts';
import type { OutputChannel } from './output/output-channel.ts';

export interface Assignment {
  readonly claimed: ClaimedRun;
  readonly channel: OutputChannel;
  /** When the last good renewal, at first the claim, was *sent*, by the monotonic clock. */
  renewedAt: Millis;
  /** Null until its child is started. */
  execution: Execution | null;
  /** Its child was started and has not ended. */
  alive: boolean;
  /** Somebody asked for its end. */
  cancelled: boolean;
  /** Its lease could not be renewed for so long that it is being ended. */
  contactLost: boolean;
  /** It is not ours any more. */
  lost: boolean;
  /** Null until it has ended. */
  result: Result | null;
}

/** An end that the store does not have yet. */
export interface Result {
  readonly ended: Omit<Ended, 'endedAgoMs'>;
  /** By the monotonic clock. */
  readonly endedAt: Millis;
}

export class Assignments {
  readonly #all = new Map<string, Assignment>();

  add(assignment: Assignment): void {
    this.#all.set(keyOf(assignment.claimed), assignment);
  }

  get(held: Held): Assignment | null {
    return this.#all.get(keyOf(held)) ?? null;
  }

  has(assignment: Assignment): boolean {
    return this.get(assignment.claimed) === assignment;
  }

  remove(assignment: Assignment): void {
    this.#all.delete(keyOf(assignment.claimed));
  }

  [Symbol.iterator](): IterableIterator<Assignment> {
    return this.#all.values();
  }

  get size(): number {
    return this.#all.size;
  }

  /** Those that take a slot: claimed or running, and those whose child is still being killed. */
  busy(): Assignment[] {
    return [...this.#all.values()].filter(({ result }) => result === null);
  }

  /** Those with a child. */
  living(): Assignment[] {
    return [...this.#all.values()].filter(({ alive }) => alive);
  }

  /** Those whose end waits to be told, in the order of their claims. */
  ended(): Assignment[] {
    return [...this.#all.values()].filter(({ result, lost }) => result !== null && !lost);
  }

  /** Those whose lease is ours to renew. */
  held(): Assignment[] {
    return [...this.#all.values()].filter(({ lost }) => !lost);
  }

  ofRun(run: RunId | string): Assignment[] {
    return [...this.#all.values()].filter(({ claimed }) => claimed.run === run);
  }
}

function keyOf({ run, fence }: Held): string {
  return `${run}:${fence}`;
}
