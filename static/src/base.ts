/** Where the page is served, which may be under a path: all that it links to begins with this. */
let basePath: string | null = null;

/** Every link of a long list asks for it. */
const base = (): string => (basePath ??= new URL('.', document.baseURI).pathname);

/** The path of a page or an API route, given without a leading slash, and what follows its `?`. */
export const href = (path: string): string => base() + path;

/** The part of a path that follows the base, or null when it lies outside. */
export function belowBase(pathname: string): string | null {
  return pathname.startsWith(base()) ? pathname.slice(base().length) : null;
}
