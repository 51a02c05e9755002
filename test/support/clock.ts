/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/clock.ts';
import type { Instant, Millis } from '../../src/domain/instant.ts';

/** Where a fake clock starts: a round instant that is no one's default, so that a forgotten fake shows. */
export const START: Instant = Date.UTC(2030, 0, 1);

export interface FakeClock extends Clock {
  /** The wall clock jumps there, back or forth; the monotonic one stands still. */
  set(now: Instant): void;
  /** Time passes, on both clocks; a negative one sets the wall clock back, and the monotonic one stands still. */
  advance(by: Millis): void;
}

export function fakeClock(start: Instant = START): FakeClock {
  let now = start;
  let monotonic = 0;
  return {
    now: () => now,
    monotonic: () => monotonic,
    set: (to) => {
      now = to;
    },
    advance: (by) => {
      now += by;
      monotonic += Math.max(by, 0);
    },
  };
}
