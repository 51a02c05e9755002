/**
 * Outage grace: when the engine was away, or its clock jumped, no lease that ran out meanwhile says anything about its
 * worker.
 *
 * The time of the last contact (a claim, renew, finish or tick) is kept in memory: a store that was just opened was
 * away. After a gap of more than half a lease, or a step back, every lease counts as if it were claimed at that moment,
 * and nothing is decided before such a lease ends.
 */
import type { Instant } from '../../domain/instant.ts';
import { LEASE } from '../leases.ts';
import type { Transaction } from './transaction.ts';

export class Contact {
  #last: Instant | null = null;

  /** To be called by every operation that shows that engine and workers, or schedulers, see each other. */
  note(tx: Transaction): void {
    const gap = this.#last === null ? null : tx.now - this.#last;
    if (gap === null || gap > LEASE / 2 || gap < 0) extendLeases(tx, gap === null ? 0 : Math.max(0, -gap));
    this.#last = tx.now;
  }
}

/** @param back by how much the clock stepped back: decisions that wait are due as much earlier. */
function extendLeases(tx: Transaction, back: number): void {
  tx.sql.run(
    `UPDATE runs SET deadline = CASE WHEN contact_lost_at IS NULL THEN ?1 ELSE max(?1, deadline - ?2) END
     WHERE deadline IS NOT NULL`,
    tx.now + LEASE,
    back,
  );
}
