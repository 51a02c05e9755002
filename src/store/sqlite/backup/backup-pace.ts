/**
 * Lets the next transaction pass once as much has been copied as the last one made longer. So a copy comes to its end, with
 * at most twice what there was at its beginning, however much is written meanwhile.
 */
export class Pace {
  #total = 0;
  #left = Number.POSITIVE_INFINITY;

  /** @param total pages there are. @param left of them, not copied yet. */
  mayPass(total: number, left: number): boolean {
    // No less than one: else the step found the connection busy.
    if (left > this.#left - Math.max(1, total - this.#total)) return false;
    this.#total = total;
    this.#left = left;
    return true;
  }
}
