/** The only file that asks what time it is. Everything else is handed a `Clock`, so that tests can hold it still. */
import type { Instant, Millis } from './domain/instant.ts';

export interface Clock {
  /** The wall clock. May jump. */
  readonly now: () => Instant;
  /** For lengths of time: never jumps, counts from an arbitrary point. */
  readonly monotonic: () => Millis;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
