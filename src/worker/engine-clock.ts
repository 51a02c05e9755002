/**
 * The engine's clock as the worker last heard it, carried on by the worker's monotonic one: what times of this worker's go
 * to the store are told by. The host's own wall clock may be wrong, and jump.
 */
import type { Clock } from '../clock.ts';
import { SECOND, type Instant, type Millis } from '../domain/instant.ts';
import type { Store } from '../store/store.ts';
import { atMost } from './at-most.ts';

/** How long the engine has to say what time it is. */
const ASK_FOR: Millis = SECOND;

export class EngineClock implements Clock {
  readonly #clock: Clock;
  readonly #store: Pick<Store, 'now'>;
  #heard: { readonly now: Instant; readonly at: Millis } | null = null;

  constructor(clock: Clock, store: Pick<Store, 'now'>) {
    this.#clock = clock;
    this.#store = store;
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

  /** Asks the engine, whose clock may have been set. Goes on as before when it does not answer soon. Never rejects. */
  async ask(): Promise<void> {
    const asked = this.#store.now().then(
      (now) => this.set(now),
      () => {},
    );
    await atMost(ASK_FOR, asked);
  }

  /** The host's. */
  monotonic(): Millis {
    return this.#clock.monotonic();
  }
}
