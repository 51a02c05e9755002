/** Where the page is served: every URL it makes is relative to this, so that one day it may lie under a path. */
const base = (): URL => new URL('.', document.baseURI);

/** The path of a page or an API route, given without a leading slash. */
export function href(path: string): string {
  const { pathname, search } = new URL(path, base());
  return pathname + search;
}

/** The part of a path that follows the base, or null when it lies outside. */
export function belowBase(pathname: string): string | null {
  const { pathname: own } = base();
  return pathname.startsWith(own) ? pathname.slice(own.length) : null;
}
