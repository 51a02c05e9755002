/** Lets any number of callers wait until something holds that changes now and then. */
export class Condition {
  readonly #waiters: (() => void)[] = [];

  /** Something changed: all who wait look again. */
  notify(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }

  /** Resolves when the condition holds: now, or at a change. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }
}
