/**
 * A path that all others lie below: `/jobs` when people open `https://ops.example/jobs/`. A proxy may pass it on or take
 * it off; both are understood, and programs on this machine need not know of it.
 */

/** @returns what lies below the base, `/` for the base itself with its slash; null for what does not. */
export function belowBase(base: string, path: string): string | null {
  return base !== '' && path.startsWith(`${base}/`) ? path.slice(base.length) : null;
}
