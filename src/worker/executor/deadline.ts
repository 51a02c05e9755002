/** A timer for one instant of the monotonic clock, which can only be moved earlier. */
import type { Clock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';

/** `setTimeout` takes no more: 24.8 days. */
const LONGEST: Millis = 2 ** 31 - 1;

export class Deadline {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at: Millis = Infinity;
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings once, `delay` from now, unless it is set to ring earlier already. */
  setNoLaterThan(delay: Millis): void {
    const at = this.#clock.monotonic() + delay;
    if (at >= this.#at) return;
    this.#at = at;
    this.#arm();
  }

  cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#at = Infinity;
  }

  #arm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const left = Math.max(0, Math.ceil(this.#at - this.#clock.monotonic()));
    this.#timer = setTimeout(() => (left > LONGEST ? this.#arm() : this.#go()), Math.min(left, LONGEST));
  }

  #go(): void {
    this.cancel();
    this.#ring();
  }
}
