/** Which rows of a long table are drawn: those in sight and some around them. All rows are of one height. */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

export interface RowWindow {
  readonly from: number;
  /** The first one that is not drawn. */
  readonly to: number;
  /** In pixels. */
  readonly rowHeight: number;
}

/** Rows drawn beyond what is in sight, so that a frame that comes late shows no gap. */
const AROUND = 16;
/** The window moves by so many at a time: most scroll events draw nothing. */
const STEP = 8;
/** Shorter tables are drawn whole, so that the browser finds text in them. */
const MOST_WHOLE = 100;

/**
 * @param body the `tbody`, whose custom property `--row` is the height of a row.
 * @param count of all rows.
 */
export function useRowWindow(body: RefObject<HTMLElement | null>, count: number): ReadonlySignal<RowWindow> {
  const sight = useSignal<RowWindow>({ from: 0, to: Math.min(count, MOST_WHOLE), rowHeight: 36 });
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      if (body.current === null) return;
      const next = rowsInSight(body.current, count);
      const { from, to, rowHeight } = sight.peek();
      if (next.from !== from || next.to !== to || next.rowHeight !== rowHeight) sight.value = next;
    };
    const lookSoon = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', lookSoon, { passive: true });
    addEventListener('resize', lookSoon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', lookSoon);
      removeEventListener('resize', lookSoon);
    };
  }, [count]);
  return sight;
}

function rowsInSight(body: HTMLElement, count: number): RowWindow {
  const rowHeight = Number.parseFloat(getComputedStyle(body).getPropertyValue('--row')) || 36;
  if (count <= MOST_WHOLE) return { from: 0, to: count, rowHeight };
  const above = -body.getBoundingClientRect().top / rowHeight;
  const from = Math.floor((above - AROUND) / STEP) * STEP;
  const to = Math.ceil((above + innerHeight / rowHeight + AROUND) / STEP) * STEP;
  return { from: Math.min(Math.max(0, from), count), to: Math.min(Math.max(0, to), count), rowHeight };
}
