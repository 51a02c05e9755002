/**
 * Outage grace: when the engine was away, or its clock jumped, no lease that ran out meanwhile says anything about its
 * worker.
 *
 * The time of the last contact (a claim, renew, finish or tick) is kept in memory: a store that was just opened was
 * away. After a gap of more than half a lease, or a step back, every lease counts as if it were claimed at that moment,
 * nothing is decided before such a lease ends, and what is flagged waits as much longer as the gap was long.
 *
 * A renewal that fails is an outage as well: a worker that asks is not out of contact.
 *
 * A contact counts once it is committed: what a transaction that failed had noticed is noticed again by the next.
 */
import type { Instant, Millis } from '../../domain/instant.ts';
import { LEASE } from '../leases.ts';
import type { TransactionEffects } from './effects.ts';
import type { Transaction } from './transaction.ts';

export class Contact {
  #last: Instant | null = null;

  /** To be called by every operation that shows that engine and workers, or schedulers, see each other. */
  note(tx: Transaction): void {
    const last = tx.effects.before?.contactAt ?? this.#last;
    const gap = last === null ? null : tx.now - last;
    if (gap === null || gap > LEASE / 2 || gap < 0) extendLeases(tx, gap ?? 0);
    tx.effects.contactAt = tx.now;
  }

  /** To be called after every commit. */
  committed({ contactAt }: TransactionEffects): void {
    this.#last = contactAt ?? this.#last;
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
