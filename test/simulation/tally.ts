/** What happened how often, in one history and in many. */
import { HOUR } from '../../src/domain/instant.ts';
import type { History } from './simulation.ts';

export class Tally {
  readonly #counts = new Map<string, number>();

  add(what: string, times = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  /** In the order of the alphabet. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** What many histories came to, in one line. */
export function summaryOf(histories: readonly History[]): string {
  const sum = (of: (history: History) => number): number => histories.reduce((total, one) => total + of(one), 0);
  const failed = histories.filter(({ violations }) => violations.length > 0).length;
  const faults = new Tally();
  for (const history of histories) for (const [what, times] of Object.entries(history.faults)) faults.add(what, times);
  const parts = [
    `${histories.length} seeds`,
    `${failed} failed`,
    `${(sum(({ took }) => took) / HOUR).toFixed(1)} simulated hours`,
    `${sum(({ exchanges }) => exchanges)} calls`,
    `${sum(({ fired }) => fired)} slots fired`,
    `${sum(({ children }) => children)} children`,
    ...Object.entries(faults.counts()).map(([what, times]) => `${times} ${what}`),
  ];
  return parts.join(', ');
}
