/** Finds the word that somebody probably meant. */

/** The known word that was probably meant, or null. */
export type Suggest = (given: string, known: readonly string[]) => string | null;

/** No word of ours is longer: nothing is near a longer one. */
const LONGEST = 40;

/** One request is not given more suggestions than this: each takes a comparison with every word. */
const MOST_SUGGESTIONS = 50;

/** {@link didYouMean} for one request: so often, and no more. @param find what it asks. */
export function createSuggest(find: Suggest = didYouMean): Suggest {
  let left = MOST_SUGGESTIONS;
  return (given, known) => {
    if (left === 0 || given.length > LONGEST) return null;
    left -= 1;
    return find(given, known);
  };
}

/** The known word nearest to `given`, or null when none is near: one that it abbreviates, else at most 2 slips away. */
export function didYouMean(given: string, known: readonly string[]): string | null {
  const wanted = plain(given);
  if (wanted === '') return null;
  const same = known.find((word) => plain(word) === wanted) ?? known.find((word) => plain(word).startsWith(wanted));
  if (same !== undefined && wanted.length >= 3) return same;
  const most = wanted.length <= 4 ? 1 : 2;
  const [best] = known
    .map((word) => ({ word, slips: slips(wanted, plain(word)) }))
    .filter((candidate) => candidate.slips <= most)
    .toSorted((one, other) => one.slips - other.slips);
  return best?.word ?? null;
}

/** `runAt`, `run-at` and `run_at` are one word. */
const plain = (word: string): string =>
  word
    .slice(0, LONGEST)
    .replaceAll(/[-_\s]/g, '')
    .toLowerCase();

/** How many letters have to be put in, taken out, changed, or swapped with their neighbour. */
function slips(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 2) return 3;
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      line[column] = Math.min(
        at(above, column) + 1,
        at(line, column - 1) + 1,
        at(above, column - 1) + differs,
        swapped ? at(before, column - 2) + 1 : Infinity,
      );
    }
    before = above;
    above = line;
  }
  return at(above, to.length);
}

const at = (line: readonly number[], index: number): number => line[index] ?? Infinity;
