/**
 * What changed, for live views: the last {@link KEPT_CHANGES} changes, in memory.
 *
 * Nobody else can have the file open, so nobody else could read them from it, and a restart makes every reader look at
 * everything anew in any case (`gap`). Kept in a table they would be as many rows again as all that they tell of.
 *
 * Ids never come twice: each opening of the file has a number, and its ids begin at 2^32 times that.
 */
import type { Change, ChangeId, Changes } from '../../views.ts';

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

  /** @param since the newest id that is known already: what `next` was, or the id of a change. */
  since(since: ChangeId | null): Changes {
    const newest = this.#next - 1;
    if (since === null) return { changes: [], next: newest, gap: false };
    const known = (this.#kept[0]?.id ?? this.#next) - 1;
    const gap = since < known || since > newest;
    const changes = this.#kept.slice(gap ? 0 : since - known).slice(0, MOST_TOLD);
    return { changes, next: changes.at(-1)?.id ?? newest, gap };
  }
}
