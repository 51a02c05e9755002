/**
 * Outage grace: when the engine was away, or its clock jumped, no lease that ran out meanwhile says anything about its
 * worker.
 *
 * The last contact (a claim, renew, finish or tick) is kept in memory: a store that was just opened was away. After a gap
 * of more than half a lease, or a step back, every lease counts as if it were claimed at that moment, nothing is decided
 * before such a lease ends, and what is flagged waits as much longer as the gap was long.
 *
 * A step of the clock that makes no such gap shows by the monotonic clock, which does not step: then all deadlines move as
 * far as the clock did. They are at most {@link UNNOTICED} off, however many steps there are.
 *
 * A renewal that fails is an outage as well: a worker that asks is not out of contact.
 *
 * A contact counts once it is committed: what a transaction that failed had noticed is noticed again by the next.
 */
import type { Clock } from '../../../clock.ts';
import type { Instant, Millis } from '../../../domain/instant.ts';
import { LEASE } from '../../leases.ts';
import type { TransactionEffects } from '../transaction/effects.ts';
import type { Transaction } from '../transaction/transaction.ts';

/** Rounding is no step. */
const UNNOTICED: Millis = 100;

/** When the engine and those who use it saw each other. */
export interface Seen {
  readonly at: Instant;
  /** How far the clock was ahead of the monotonic one as the deadlines were then put right. */
  readonly ahead: Millis;
}

export class Contact {
  readonly #clock: Clock;
  #last: Seen | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called by every operation that shows that engine and workers, or schedulers, see each other. */
  note(tx: Transaction): void {
    // In this order, a pause between the two is taken for a step forward, which brings no decision nearer.
    const monotonic = this.#clock.monotonic();
    const ahead = this.#clock.now() - monotonic;
    const last = tx.effects.before?.contact ?? this.#last;
    tx.effects.contact = { at: tx.now, ahead: this.#putRight(tx, last, ahead) };
  }

  /** @returns how far the clock is ahead as the deadlines are now. */
  #putRight(tx: Transaction, last: Seen | null, ahead: Millis): Millis {
    const gap = tx.now - (last?.at ?? tx.now);
    if (last === null || gap > LEASE / 2 || gap < 0) {
      extendLeases(tx, gap);
      return ahead;
    }
    const step = Math.round(ahead - last.ahead);
    if (Math.abs(step) <= UNNOTICED) return last.ahead;
    moveDeadlines(tx, step);
    return last.ahead + step;
  }

  /** To be called after every commit. */
  committed({ contact }: TransactionEffects): void {
    this.#last = contact ?? this.#last;
  }

  /**
   * To be called when a renewal could not be written. Its worker lives, and it was the engine that was away, though ticks
   * that had nothing to write went well meanwhile: the next contact comes after an outage.
   */
  broke(): void {
    this.#last = null;
  }
}

/** @param gap over which no time has passed for decisions that wait; negative when the clock stepped back. */
function extendLeases(tx: Transaction, gap: Millis): void {
  tx.sql.run(
    `UPDATE runs SET deadline = CASE WHEN contact_lost_at IS NULL THEN ?1 ELSE max(?1, deadline + ?2) END
     WHERE deadline IS NOT NULL`,
    tx.now + LEASE,
    gap,
  );
}

function moveDeadlines(tx: Transaction, by: Millis): void {
  tx.sql.run('UPDATE runs SET deadline = deadline + ? WHERE deadline IS NOT NULL', by);
}
