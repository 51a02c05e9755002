/** The way back leads to where one was on a screen. The browser cannot: by then the rows have not come yet. */

/** As a history entry has it that was left by a link. */
interface Left {
  readonly scrollY: number;
}

/** Lists come page by page. */
const PATIENCE_MS = 3_000;
/** Whoever moves the page himself is not to be moved. */
const BY_HAND = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/** To be called before an entry is left by a link. */
export function rememberPlace(): void {
  history.replaceState({ scrollY } satisfies Left, '');
}

/** Goes to where one left this entry, as soon as the screen is long enough. @param state of the entry. */
export function scrollBack(state: unknown): void {
  // A line of a log is a place of its own.
  if (!isLeft(state) || state.scrollY === 0 || location.hash !== '') return;
  const taken = new AbortController();
  const take = (): void => taken.abort();
  for (const event of BY_HAND) addEventListener(event, take, { passive: true, signal: taken.signal });
  addEventListener('popstate', take, { signal: taken.signal });
  setTimeout(take, PATIENCE_MS);
  const step = (): void => {
    if (taken.signal.aborted) return;
    if (Math.abs(scrollY - state.scrollY) <= 1) return take();
    scrollTo(0, state.scrollY);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function isLeft(state: unknown): state is Left {
  return typeof state === 'object' && state !== null && 'scrollY' in state && typeof state.scrollY === 'number';
}
