/** Who listens to a store's hints. */
import type { Hint } from './store.ts';

export class HintListeners {
  readonly #report: (fault: unknown) => void;
  readonly #listeners = new Set<(hint: Hint) => void>();

  /** @param report takes what a listener throws: it is nobody else's trouble. */
  constructor(report: (fault: unknown) => void) {
    this.#report = report;
  }

  /** @returns a function that ends it. */
  add(listener: (hint: Hint) => void): () => void {
    // A function of its own, so that the same listener may be added twice.
    const own = (hint: Hint): void => listener(hint);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(...hints: readonly Hint[]): void {
    for (const hint of hints) {
      for (const listener of this.#listeners) this.#call(listener, hint);
    }
  }

  clear(): void {
    this.#listeners.clear();
  }

  #call(listener: (hint: Hint) => void, hint: Hint): void {
    try {
      listener(hint);
    } catch (error) {
      this.#report(error);
    }
  }
}
