/**
 * What changed, for live views: the last {@link KEPT_CHANGES} changes, in memory.
 *
 * Nobody else can have the file open, so nobody else could read them from it, and a restart makes every reader look at
 * everything anew in any case (`gap`). Kept in a table they would be as many rows again as all that they tell of.
 *
 * Ids never come twice: each opening of the file has a number, and its ids begin at 2^32 times that.
 */
import type { Change, ChangeId, Changes } from '../views.ts';

export const KEPT_CHANGES = 10_000;
const MOST_TOLD = 1_000;

export class ChangeLog {
  /** Ids without a gap, the last of them `#next - 1`. */
  #kept: Change[] = [];
  readonly #first: ChangeId;
  #next: ChangeId;

  /** @param opening how often the file has been opened. */
  constructor(opening: number) {
    this.#first = opening * 2 ** 32;
    this.#next = this.#first;
  }

  add(changes: Iterable<Omit<Change, 'id'>>): void {
    for (const change of changes) this.#kept.push({ ...change, id: this.#next++ });
    if (this.#kept.length > 2 * KEPT_CHANGES) this.#kept = this.#kept.slice(-KEPT_CHANGES);
  }

  /** @param since the first id that is asked for: what `next` was. */
  since(since: ChangeId | null): Changes {
    if (since === null) return { changes: [], next: this.#next, gap: false };
    const oldest = this.#kept[0]?.id ?? this.#first;
    const gap = since < oldest || since > this.#next;
    const changes = this.#kept.slice(gap ? 0 : since - oldest).slice(0, MOST_TOLD);
    return { changes, next: (changes.at(-1)?.id ?? this.#next - 1) + 1, gap };
  }
}
