/** What will happen, in the order in which it does: simulated time passes only from one entry to the next. */
import type { Millis } from '../../src/domain/instant.ts';

export interface Entry {
  /** Of simulated time. */
  readonly at: Millis;
  /** In which order entries of one moment happen: that in which they were made. */
  readonly order: number;
  readonly happen: () => void;
  cancelled: boolean;
}

export class Timeline {
  readonly #heap: Entry[] = [];
  #orders = 0;
  #now: Millis = 0;

  /** Simulated milliseconds since the beginning, which no clock of the simulation need agree with. */
  get now(): Millis {
    return this.#now;
  }

  /** @param delay from now; less than nothing is now. */
  after(delay: Millis, happen: Entry['happen']): Entry {
    const entry = { at: this.#now + Math.max(0, delay), order: this.#orders++, happen, cancelled: false };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    return entry;
  }

  /** The next entry, to whose moment time moves on; null when none comes until then, and time moves on to that. */
  next(until: Millis): Entry | null {
    for (let first = this.#heap[0]; first !== undefined && first.at <= until; first = this.#heap[0]) {
      this.#removeFirst();
      if (first.cancelled) continue;
      this.#now = first.at;
      return first;
    }
    this.#now = Math.max(this.#now, until);
    return null;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, parent)) return;
      at = parent;
    }
  }

  #sink(): void {
    let at = 0;
    for (;;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = isBefore(this.#heap[right], this.#heap[left]) ? right : left;
      if (!this.#swapIfBefore(child, at)) return;
      at = child;
    }
  }

  #swapIfBefore(child: number, parent: number): boolean {
    const [one, other] = [this.#heap[child], this.#heap[parent]];
    if (one === undefined || other === undefined || !isBefore(one, other)) return false;
    this.#heap[child] = other;
    this.#heap[parent] = one;
    return true;
  }
}

function isBefore(one: Entry | undefined, other: Entry | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
