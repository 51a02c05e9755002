/** Wakes one waiter; remembered while nobody waits. Unlike the scheduler's `Alarm` it has no time of its own. */
export class Signal {
  #set = false;
  #resolve: (() => void) | null = null;

  set(): void {
    this.#set = true;
    this.#resolve?.();
  }

  /** Resolves when it is, or was since the last wait, set. One waiter at a time. */
  async wait(): Promise<void> {
    if (!this.#set) await new Promise<void>((resolve) => (this.#resolve = resolve));
    this.#resolve = null;
    this.#set = false;
  }
}
