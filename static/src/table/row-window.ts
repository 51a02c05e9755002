/** Which rows of a long table are drawn: see `row-span.ts`. All rows are of one height. */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { nextSpan, type RowSpan } from './row-span.ts';

export interface RowWindow extends RowSpan {
  /** In pixels. */
  readonly rowHeight: number;
}

/** Shorter tables are drawn whole, so that the browser finds text in them. */
const MOST_WHOLE = 100;
/** In pixels, until the page has been looked at. */
const USUAL_HEIGHT = 36;

/**
 * @param body the `tbody`, whose custom property `--row` is the height of a row.
 * @param count of all rows.
 */
export function useRowWindow(body: RefObject<HTMLElement | null>, count: number): ReadonlySignal<RowWindow> {
  const first = count <= MOST_WHOLE ? count : Math.ceil(innerHeight / USUAL_HEIGHT);
  const drawn = useSignal<RowWindow>({ from: 0, to: first, rowHeight: USUAL_HEIGHT });
  useEffect(() => {
    let frame = 0;
    const look = (): void => {
      frame = 0;
      if (body.current === null) return;
      const next = windowOf(body.current, drawn.peek(), count);
      const { from, to, rowHeight } = drawn.peek();
      if (next.from === from && next.to === to && next.rowHeight === rowHeight) return;
      drawn.value = next;
      // There may be more to draw around it.
      lookSoon();
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
  return drawn;
}

function windowOf(body: HTMLElement, drawn: RowSpan, count: number): RowWindow {
  const rowHeight = Number.parseFloat(getComputedStyle(body).getPropertyValue('--row')) || USUAL_HEIGHT;
  if (count <= MOST_WHOLE) return { from: 0, to: count, rowHeight };
  const above = -body.getBoundingClientRect().top / rowHeight;
  const sight = { from: Math.floor(above), to: Math.ceil(above + innerHeight / rowHeight) };
  return { ...nextSpan(drawn, sight, count), rowHeight };
}
