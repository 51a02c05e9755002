/** A sleep that can be cut short. A ring while nobody sleeps cuts the next sleep short, so that no hint is lost. */
import type { Millis } from '../domain/instant.ts';

export class Alarm {
  #rung = false;
  #wake: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves after that long, or at once when it rings or has rung since the last sleep. */
  async sleep(length: Millis): Promise<void> {
    if (!this.#rung) await this.#timer(length);
    this.#rung = false;
  }

  #timer(length: Millis): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // Timers take whole milliseconds and cut off the rest, so that rounding down would wake a hair before the slot.
    const timer = setTimeout(resolve, Math.ceil(length));
    this.#wake = resolve;
    return promise.finally(() => {
      clearTimeout(timer);
      this.#wake = null;
    });
  }
}
