/** So many bytes a second, and at most so many at once (a token bucket). */
import type { Clock } from '../clock.ts';
import { SECOND, type Millis } from '../domain/instant.ts';

export class RateLimit {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #at: Millis;

  constructor(clock: Clock, perSecond: number, burst: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#at = clock.monotonic();
  }

  /** How many bytes may go now. */
  allowance(): number {
    const now = this.#clock.monotonic();
    this.#left = Math.min(this.#burst, this.#left + ((now - this.#at) / SECOND) * this.#perSecond);
    this.#at = now;
    return Math.floor(this.#left);
  }

  /** They went. */
  spend(bytes: number): void {
    this.#left -= bytes;
  }
}
