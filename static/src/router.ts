/** Which page is shown: the history API and nothing else. Plain links work, since clicks on them are taken over here. */
import { signal } from '@preact/signals';
import { belowBase, href } from './base.ts';

export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'job'; readonly ref: string }
  | { readonly page: 'run'; readonly id: string }
  | { readonly page: 'unknown' };

/** Another object after every move, also to the same page. */
export const route = signal<Route>(parseRoute(location.pathname));

export const homeHref = (): string => href('');
export const jobHref = (ref: string): string => href(`jobs/${encodeURIComponent(ref)}`);
export const runHref = (id: string): string => href(`runs/${encodeURIComponent(id)}`);

/** Shows another page, as a click on a link to it would. */
export function navigate(to: string): void {
  history.pushState(null, '', to);
  show();
}

/** Says in the address what is shown of this page, `?q=backup`. The back button does not stop at it. */
export function replaceSearch(search: string): void {
  if (search !== location.search) history.replaceState(null, '', location.pathname + search);
}

/** Takes over clicks on links to our own pages, and the back button. Call once. */
export function startRouter(): void {
  addEventListener('popstate', () => (route.value = parseRoute(location.pathname)));
  document.addEventListener('click', (event) => {
    const link = ownLink(event);
    if (link === null) return;
    event.preventDefault();
    navigate(link);
  });
}

function show(): void {
  route.value = parseRoute(location.pathname);
  scrollTo(0, 0);
  // A screen reader goes on where the new page starts.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }));
}

function parseRoute(pathname: string): Route {
  const [page = '', ref = '', ...rest] = (belowBase(pathname) ?? '?').split('/');
  if (page === '' && ref === '') return { page: 'home' };
  if (ref === '' || rest.length > 0) return { page: 'unknown' };
  if (page === 'jobs') return { page: 'job', ref: decode(ref) };
  return page === 'runs' ? { page: 'run', id: decode(ref) } : { page: 'unknown' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path a plain click leads to, when it is one of ours: no modifier, no download, no other site, not the API. */
function ownLink(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.target !== '' || link.hasAttribute('download')) return null;
  const path = link.origin === location.origin ? belowBase(link.pathname) : null;
  return path === null || path.startsWith('api/') ? null : link.pathname + link.search;
}
