/**
 * The engine's clock as the worker last heard it, carried on by the worker's monotonic one: what times of this worker's go
 * to the store are told by. The host's own wall clock may be wrong, and jump.
 */
import type { Clock } from '../clock.ts';
import type { Instant, Millis } from '../domain/instant.ts';

export class EngineClock implements Clock {
  readonly #clock: Clock;
  #heard: { readonly now: Instant; readonly at: Millis } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The engine just said what time it is. */
  set(now: Instant): void {
    this.#heard = { now, at: this.#clock.monotonic() };
  }

  /** The host's own time until the engine was heard. */
  now(): Instant {
    if (!this.#heard) return this.#clock.now();
    return Math.round(this.#heard.now + this.#clock.monotonic() - this.#heard.at);
  }

  /** The host's. */
  monotonic(): Millis {
    return this.#clock.monotonic();
  }
}
