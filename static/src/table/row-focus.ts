/** The row that has the focus, and the way to another one. A row is in focus when something in it is. */

/** −1 when no row is. */
export function rowInFocus(body: HTMLElement | null): number {
  const row = document.activeElement?.closest<HTMLElement>('[data-row]') ?? null;
  return row === null || body?.contains(row) !== true ? -1 : Number(row.dataset['row']);
}

/** From where `j` goes on: the row in focus, or the one before the first in sight. */
export function rowBefore(body: HTMLElement | null, rowHeight: number): number {
  const focused = rowInFocus(body);
  if (focused !== -1 || body === null) return focused;
  return Math.max(0, Math.ceil(-body.getBoundingClientRect().top / rowHeight)) - 1;
}

/** Brings a row into sight and its link into focus, so that Enter opens it. */
export function focusRow(body: HTMLElement | null, wanted: number, count: number, rowHeight: number): void {
  if (body === null || count === 0) return;
  const index = Math.min(Math.max(wanted, 0), count - 1);
  const link = (): HTMLElement | null => body.querySelector<HTMLElement>(`[data-row="${index}"] th a`);
  const drawn = link();
  if (drawn !== null) return show(drawn);
  scrollTo({ top: scrollY + body.getBoundingClientRect().top + index * rowHeight - innerHeight / 2 });
  // Drawn in the frame after the one that hears of the scrolling.
  requestAnimationFrame(() => requestAnimationFrame(() => show(link())));
}

function show(link: HTMLElement | null): void {
  link?.focus({ preventScroll: true });
  link?.scrollIntoView({ block: 'nearest' });
}
