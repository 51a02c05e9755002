/**
 * Whether calls may go to Redis, and the wait until they may.
 *
 *   shut (connecting, or refused) ⇄ open
 */
import type { JobschedError } from '../../../errors.ts';
import type { Millis } from '../../../domain/instant.ts';

interface Waiter {
  readonly go: () => void;
  readonly refuse: (error: JobschedError) => void;
}

export class Gate {
  readonly #monotonic: () => Millis;
  readonly #patience: Millis;
  readonly #waiters = new Set<Waiter>();
  /** Why it is shut; null when it is open. */
  #trouble: JobschedError | null;
  /** Whether waiting may help. */
  #passes = true;
  #shutSince: Millis;

  /**
   * Shut at first.
   * @param patience how long one waits at it. What has been shut for longer refuses at once.
   */
  constructor(monotonic: () => Millis, patience: Millis, trouble: JobschedError) {
    this.#monotonic = monotonic;
    this.#patience = patience;
    this.#trouble = trouble;
    this.#shutSince = monotonic();
  }

  get isOpen(): boolean {
    return this.#trouble === null;
  }

  /** When it was shut last. */
  get shutSince(): Millis {
    return this.#shutSince;
  }

  /** Why it is shut. */
  get trouble(): JobschedError | null {
    return this.#trouble;
  }

  open(): void {
    this.#trouble = null;
    for (const { go } of this.#waiters) go();
  }

  /** @param passes false to refuse all that wait, and all that come. */
  shut(trouble: JobschedError, passes: boolean): void {
    if (this.#trouble === null) this.#shutSince = this.#monotonic();
    this.#trouble = trouble;
    this.#passes = passes;
    if (!passes) for (const { refuse } of this.#waiters) refuse(trouble);
  }

  /** Resolves when it is open. @throws JobschedError why it is shut, at `deadline` at the latest. */
  async pass(deadline: Millis): Promise<void> {
    if (this.#trouble === null) return;
    const left = Math.min(deadline, this.#shutSince + this.#patience) - this.#monotonic();
    if (!this.#passes || left <= 0) throw this.#trouble;
    await this.#wait(left);
  }

  #wait(left: Millis): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        then();
      };
      const refuse = (error: JobschedError): void => settle(() => reject(error));
      const waiter: Waiter = { go: () => settle(resolve), refuse };
      const timer = setTimeout(() => (this.#trouble === null ? settle(resolve) : refuse(this.#trouble)), left);
      this.#waiters.add(waiter);
    });
  }
}
