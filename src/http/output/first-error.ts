/** Where in an output the trouble most likely begins. */
import { stripVTControlCharacters } from 'node:util';
import type { Store } from '../../store/store.ts';
import { MOST_SEARCHED_BYTES, type NumberedLine } from './find-lines.ts';
import type { Line } from './lines.ts';
import { readLines, type LinesOf, type Place } from './read-lines.ts';

/** Words for an error, also at the end of one like `TypeError`; but not that there were none. */
const ERROR =
  /(?<!\b(?:0|no) )(?:error|exception)s?\b|(?<!\b(?:0|no) )\b(?:fatal|panic|traceback|critical|failed|failure|cannot|denied|segmentation fault)\b/i;

export interface FirstError {
  /** The first line that says so. */
  readonly error: NumberedLine | null;
  /** The first line on stderr, as far as was looked. */
  readonly stderr: NumberedLine | null;
  /** Where to go on; null when there is no need. */
  readonly next: Place | null;
}

/** Goes through the lines from a place on, those before a line passed over, until one says so or it has seen its share. */
export async function findFirstError(
  { store, requireListener }: { readonly store: Pick<Store, 'readOutput'>; readonly requireListener: () => void },
  of: LinesOf,
  { from, line: wanted }: { readonly from: Place; readonly line: number },
): Promise<FirstError> {
  let stderr: NumberedLine | null = null;
  let searched = 0;
  for await (const { lines, first, next, bytes, last } of readLines(store, of, from)) {
    requireListener();
    for (const [place, line] of lines.entries()) {
      if (line.kind !== 'text' || first + place < wanted) continue;
      const numbered = { number: first + place, line };
      if (line.stream === 'stderr') stderr ??= numbered;
      if (ERROR.test(plainText(line))) return { error: numbered, stderr, next: null };
    }
    searched += bytes;
    if (!last && searched >= MOST_SEARCHED_BYTES) return { error: null, stderr, next };
  }
  return { error: null, stderr, next: null };
}

const plainText = ({ bytes }: Extract<Line, { kind: 'text' }>): string =>
  stripVTControlCharacters(bytes.toString('latin1'));
