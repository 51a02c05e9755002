/**
 * What callers ask in one turn of the event loop goes to Redis in few scripts, since a round trip and a script cost as
 * much as dozens of items do. Not in one: Redis works on the first while the turn goes on.
 *
 *   queued ──({@link ENOUGH} items, or the end of the turn)──► sent ──► promises settle
 */
import { MOST_ITEMS } from '../../store.ts';

/** What becomes of one item: one that fails for a bug of ours fails alone, as the contract wants it. */
export type Answer<Result> = Result | Error;

/** So many are sent without waiting for more: what a script costs by itself is little beside them. */
const ENOUGH = 16;

interface Queued<Item, Result> {
  readonly items: readonly Item[];
  readonly resolve: (results: Result[]) => void;
  readonly reject: (error: unknown) => void;
}

export class Batch<Item, Result> {
  readonly #send: (items: readonly Item[]) => Promise<readonly Answer<Result>[]>;
  #queue: Queued<Item, Result>[] = [];
  /** Items in the queue. */
  #size = 0;

  /** @param send answers each item, in their order. */
  constructor(send: (items: readonly Item[]) => Promise<readonly Answer<Result>[]>) {
    this.#send = send;
  }

  /** Items of one call stay together. Rejects when their script failed, or one of them. */
  ask(items: readonly Item[]): Promise<Result[]> {
    return new Promise((resolve, reject) => {
      if (this.#size + items.length > MOST_ITEMS) this.#flush();
      this.#queue.push({ items, resolve, reject });
      this.#size += items.length;
      if (this.#size >= ENOUGH) this.#flush();
      else if (this.#queue.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    if (this.#queue.length === 0) return;
    const piece = this.#queue;
    this.#queue = [];
    this.#size = 0;
    void this.#exchange(piece);
  }

  async #exchange(piece: readonly Queued<Item, Result>[]): Promise<void> {
    try {
      const answers = await this.#send(piece.flatMap(({ items }) => items));
      let at = 0;
      for (const queued of piece) {
        settle(queued, answers.slice(at, at + queued.items.length));
        at += queued.items.length;
      }
    } catch (error) {
      for (const { reject } of piece) reject(error);
    }
  }
}

/** @throws Error the first one among them. */
export function resultsOf<Result>(answers: readonly Answer<Result>[]): Result[] {
  return answers.map((answer) => {
    if (answer instanceof Error) throw answer;
    return answer;
  });
}

function settle<Item, Result>({ resolve, reject }: Queued<Item, Result>, answers: readonly Answer<Result>[]): void {
  try {
    resolve(resultsOf(answers));
  } catch (error) {
    reject(error);
  }
}
