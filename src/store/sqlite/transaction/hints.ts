/** Hints within the process: who listens is told after the commit. */
import { HintListeners } from '../../hint-listeners.ts';
import type { Hint } from '../../store.ts';
import type { TransactionEffects } from './effects.ts';

/** A hint may be lost; a sweep after so long is the guarantee. */
const LONGEST_WAIT_MS = 5_000;

interface Waiter {
  readonly queues: readonly string[];
  readonly wake: () => void;
}

export class HintHub {
  readonly #listeners: HintListeners;
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  /** @param report takes what a listener throws: it is nobody else's trouble. */
  constructor(report: (fault: unknown) => void) {
    this.#listeners = new HintListeners(report);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    return this.#listeners.add(listener);
  }

  tell(effects: TransactionEffects): void {
    for (const queue of effects.work) this.#work(queue);
    if (effects.earlier) this.#listeners.tell({ kind: 'schedule' });
    for (const run of effects.cancels) this.#listeners.tell({ kind: 'cancel', run });
    for (const worker of effects.drains) this.#listeners.tell({ kind: 'drain', worker });
    if (effects.changes.size > 0) this.#listeners.tell({ kind: 'change' });
  }

  /** Resolves when work came to one of the queues, when the signal aborts, and after 5 s. */
  async wait(queues: readonly string[], signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#closed) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        this.#waiters.delete(waiter);
        resolve();
      };
      const waiter = { queues, wake };
      const timer = setTimeout(wake, LONGEST_WAIT_MS);
      signal.addEventListener('abort', wake);
      this.#waiters.add(waiter);
    });
  }

  /** Lets every waiter go, now and from now on. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.wake();
    this.#listeners.clear();
  }

  #work(queue: string): void {
    this.#listeners.tell({ kind: 'work', queue });
    for (const waiter of this.#waiters) if (waiter.queues.includes(queue)) waiter.wake();
  }
}
