/**
 * How far lease time (lua/lib/leases.lua) can have come, by this process's monotonic clock: Redis has only a clock that
 * people and NTP may set, and a step forward brings what is to be decided nearer than it is.
 *
 *   begun ──a tick's answer──► anchored: lease time is so much ahead of this clock, and goes no faster
 *                                 └──it has fallen behind──► anchored anew
 *
 * An anchor is taken when an answer came, which is after Redis gave it; and compared with when a question was sent, which is
 * before Redis got it. So whatever the way takes makes lease time slower, never faster. Between two anchors it may be up to
 * {@link SLACK} ahead or behind without being corrected, so that a slow way does not slow it down; a worker ends its commands
 * sooner than by twice that (`worker/contact.ts`).
 */
import type { Clock } from '../../clock.ts';
import type { Millis } from '../../domain/instant.ts';

/** In lease time. */
type LeaseInstant = number;

const SLACK: Millis = 500;

/** What a tick is asked with. */
export interface Asked {
  /** By the monotonic clock. */
  readonly at: Millis;
  /** Null before the first answer. */
  readonly most: LeaseInstant | null;
}

export class LeaseTime {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** By how much lease time is ahead of the monotonic clock; null before the first answer. */
  #ahead: Millis | null = null;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  ask(): Asked {
    const at = this.#clock.monotonic();
    return { at, most: this.#ahead === null ? null : Math.floor(at + this.#ahead + SLACK) };
  }

  /** @param now the lease time that was answered. */
  hear({ at, most }: Asked, now: LeaseInstant): void {
    const isBehind = this.#ahead === null || now < at + this.#ahead - SLACK;
    // Redis keeps to what it was told, but where others have ticked since: then this clock stood still.
    const stoodStill = most !== null && now > most;
    if (isBehind || stoodStill) this.#ahead = now - this.#clock.monotonic();
  }
}
