/**
 * Where claimed runs lie, so that their ends need not look for them. Only a hint: a script that finds another run there,
 * or none, looks for itself.
 */
import type { RunId } from '../../../domain/id.ts';

/** Beyond it the longest known are forgotten: runs that this process claimed and never ended itself. */
const MOST_KNOWN = 10_000;

export class ClaimedPlaces {
  readonly #seqs = new Map<RunId, string>();

  remember(run: RunId, seq: string): void {
    this.#seqs.set(run, seq);
    if (this.#seqs.size <= MOST_KNOWN) return;
    const [oldest] = this.#seqs.keys();
    if (oldest !== undefined) this.#seqs.delete(oldest);
  }

  /** '' when it is not known; it is forgotten by being asked for, since a run is ended once. */
  take(run: RunId): string {
    const seq = this.#seqs.get(run);
    if (seq === undefined) return '';
    this.#seqs.delete(run);
    return seq;
  }
}
