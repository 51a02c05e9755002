/**
 * How far lease time (lua/lib/leases.lua) can have come, by this process's monotonic clock: Redis has only a clock that
 * people and NTP may set, and a step forward brings what is to be decided nearer than it is.
 *
 *   begun ──a tick's answer──► anchored: lease time is so much ahead of this clock, and goes no faster
 *                                 └──it has fallen behind, or this clock stood still──► anchored anew
 *
 * An anchor is taken when an answer came, which is after Redis gave it; and compared with when a question was sent, which is
 * before Redis got it. So whatever the way takes makes a tick decide later, never earlier. What is found too far ahead even
 * by when its answer came is taken off, once, whoever finds it first. Up to {@link SLACK} it may be ahead or behind without
 * being corrected; a worker ends its commands sooner than by twice that (`worker/contact.ts`).
 */
import type { Clock } from '../../../clock.ts';
import type { Instant, Millis } from '../../../domain/instant.ts';

const SLACK: Millis = 500;

/** What a tick is asked with. */
export interface Asked {
  /** By the monotonic clock. */
  readonly at: Millis;
  /** In lease time; null before the first answer. */
  readonly most: Instant | null;
  /** By how much lease time was too far ahead when it had this shift. */
  readonly excess: { readonly shift: Millis; readonly by: Millis } | null;
}

export interface Answer {
  /** Redis's clock. */
  readonly now: Instant;
  /** By how much lease time is ahead of that. */
  readonly shift: Millis;
  /** The lease time by which was decided. */
  readonly decided: Instant;
}

export class LeaseTime {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** By how much lease time is ahead of the monotonic clock; null before the first answer. */
  #ahead: Millis | null = null;
  #excess: Asked['excess'] = null;

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  ask(): Asked {
    const at = this.#clock.monotonic();
    const most = this.#ahead === null ? null : Math.floor(at + this.#ahead + SLACK);
    return { at, most, excess: this.#excess };
  }

  hear({ at, most }: Asked, { now, shift, decided }: Answer): void {
    const leaseNow = now + shift;
    const heardAt = this.#clock.monotonic();
    const isBehind = this.#ahead === null || leaseNow < at + this.#ahead - SLACK;
    // Redis keeps to what it was told, but where others have ticked since: then this clock stood still.
    const stoodStill = most !== null && decided > most;
    const ahead = isBehind || stoodStill ? Math.min(leaseNow, decided) - heardAt : (this.#ahead ?? 0);
    this.#ahead = ahead;
    const by = Math.ceil(leaseNow - heardAt - ahead - SLACK);
    this.#excess = by > 0 && !stoodStill ? { shift, by } : null;
  }
}
