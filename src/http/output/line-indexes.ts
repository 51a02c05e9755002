/** The indexes of lines that this server keeps: of what was read last. */
import type { Store } from '../../store/store.ts';
import { LineIndex } from './line-index.ts';
import type { LinesOf } from './read-lines.ts';

/** Each takes 24 KiB at most. */
const MOST_KEPT = 200;

export interface LineIndexes {
  /** @param dropped how many bytes of the attempt are not kept: when more have gone, lines have other numbers. */
  of(lines: LinesOf, dropped: number): LineIndex;
}

export function createLineIndexes(store: Pick<Store, 'readOutput'>): LineIndexes {
  // A map is in the order in which its entries were set: the first is the one that nobody asked for longest.
  const kept = new Map<string, LineIndex>();
  return {
    of: (lines, dropped) => {
      const key = `${lines.run} ${lines.attempt} ${lines.stream ?? ''} ${dropped}`;
      const index = kept.get(key) ?? new LineIndex(store, lines);
      kept.delete(key);
      kept.set(key, index);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      return index;
    },
  };
}
