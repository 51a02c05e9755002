/** The indexes of lines that this server keeps: of what was read last. */
import type { Store } from '../../store/store.ts';
import { LineIndex } from './line-index.ts';
import { createNewest } from './newest.ts';
import type { LinesOf } from './read-lines.ts';

/** Each takes 24 KiB at most. */
const MOST_KEPT = 200;

export interface LineIndexes {
  /** @param dropped how many bytes of the attempt are not kept: when more have gone, lines have other numbers. */
  of(lines: LinesOf, dropped: number): LineIndex;
}

export function createLineIndexes(store: Pick<Store, 'readOutput'>): LineIndexes {
  const kept = createNewest<LineIndex>(MOST_KEPT);
  return {
    of: (lines, dropped) =>
      kept.of(`${lines.run} ${lines.attempt} ${lines.stream ?? ''} ${dropped}`, () => new LineIndex(store, lines)),
  };
}
