/** Which screen is shown: the history API and nothing else. Plain links work, since clicks on them are taken over here. */
import { signal } from '@preact/signals';
import { belowBase, href } from './base.ts';
import { parseRoute, type Route } from './route.ts';
import { rememberPlace, scrollBack } from './scroll-back.ts';

const parseHere = (): Route => parseRoute(belowBase(location.pathname) ?? '?');

/** Another object after every move, also to the same screen. */
export const route = signal<Route>(parseHere());

/** What follows the `?` in the address. */
export const search = signal(location.search);

/** Shows another screen, as a click on a link to it would. */
export function navigate(to: string): void {
  rememberPlace();
  history.pushState(null, '', to);
  show();
  scrollTo(0, 0);
  // A screen reader goes on where the new screen starts.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }));
}

/** Like {@link navigate}, but the back button does not lead back here. */
export function redirect(to: string): void {
  history.replaceState(null, '', to);
  show();
}

/** Says in the address what is shown of this screen, `?q=backup`. The back button does not stop at it. */
export function replaceSearch(wanted: string): void {
  if (wanted === location.search) return;
  history.replaceState(null, '', location.pathname + wanted);
  search.value = wanted;
}

/** Says in the address which part of this screen is meant, `#L120`. The back button does not stop at it. */
export function replaceHash(wanted: string): void {
  if (wanted !== location.hash) history.replaceState(null, '', location.pathname + location.search + wanted);
}

/** Takes over clicks on links to our own screens, and the back button. Call once. */
export function startRouter(): void {
  addEventListener('popstate', ({ state }) => {
    show();
    scrollBack(state);
  });
  document.addEventListener('click', (event) => {
    const link = ownLink(event);
    if (link === null) return;
    event.preventDefault();
    navigate(link);
  });
}

function show(): void {
  search.value = location.search;
  route.value = parseHere();
}

/** The path a plain click leads to, when it is one of ours: no modifier, no download, no other site, not the API. */
function ownLink(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.target !== '' || link.hasAttribute('download')) return null;
  const path = link.origin === location.origin ? belowBase(link.pathname) : null;
  return path === null || path.startsWith('api/') ? null : link.pathname + link.search + link.hash;
}

export const overviewHref = (): string => href('');
/** @param filter `?status=failed` and its like. */
export const jobsHref = (filter = ''): string => href(`jobs${filter}`);
export const jobHref = (ref: string, tab: 'runs' | 'definition' | 'versions' = 'runs'): string =>
  href(`jobs/${encodeURIComponent(ref)}${tab === 'runs' ? '' : `/${tab}`}`);
/** @param from a job to take the fields of. */
export const submitHref = (from = ''): string =>
  href(from === '' ? 'submit' : `submit?from=${encodeURIComponent(from)}`);
export const runsHref = (filter = ''): string => href(`runs${filter}`);
export const runHref = (id: string): string => href(`runs/${encodeURIComponent(id)}`);
export const schedulesHref = (): string => href('schedules');
export const workersHref = (host = ''): string => href(host === '' ? 'workers' : `workers/${encodeURIComponent(host)}`);
export const settingsHref = (tab: 'keys' | 'audit' | 'about' = 'about'): string => href(`settings/${tab}`);
