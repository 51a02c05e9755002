/** Which path was probably meant by one that there is not. */
import { didYouMean } from '../request/did-you-mean.ts';

/** No path of ours has more parts, or a longer one that is no name. */
const MOST_PARTS = 8;
const LONGEST = 400;

/**
 * @param path that none of them is.
 * @param known as routes have them, `/api/jobs/:ref`.
 * @returns one of them, with the names that were given in their places; null when none is near.
 */
export function nearestPath(path: string, known: readonly string[]): string | null {
  if (path.length > LONGEST) return null;
  const given = partsOf(path);
  if (given.length > MOST_PARTS) return null;
  for (const asked of [given, ['api', ...given], given.slice(0, -1)]) {
    const [best] = known
      .flatMap((route) => compare(asked, partsOf(route)) ?? [])
      .toSorted((one, other) => one.slips - other.slips);
    if (best !== undefined) return best.path;
  }
  return null;
}

interface Near {
  readonly path: string;
  /** How many of its parts were spelt otherwise. */
  readonly slips: number;
}

/** Null when a part is something else altogether. */
function compare(asked: readonly string[], route: readonly string[]): Near | null {
  if (asked.length !== route.length || route.length === 0) return null;
  let slips = 0;
  for (const [index, part] of route.entries()) {
    const given = asked[index] ?? '';
    if (part.startsWith(':') || part === given) continue;
    if (didYouMean(given, [part]) === null) return null;
    slips += 1;
  }
  const path = route.map((part, index) => (part.startsWith(':') ? asked[index] : part));
  return { path: `/${path.join('/')}`, slips };
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');
