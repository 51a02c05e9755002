/** Where the page is served: every URL it makes is relative to this, so that one day it may lie under a path. */
let known: string | null = null;

/** Asked for by every link of a long list. */
const base = (): string => (known ??= new URL('.', document.baseURI).pathname);

/** The path of a page or an API route, given without a leading slash, and what follows its `?`. */
export const href = (path: string): string => base() + path;

/** The part of a path that follows the base, or null when it lies outside. */
export function belowBase(pathname: string): string | null {
  return pathname.startsWith(base()) ? pathname.slice(base().length) : null;
}
