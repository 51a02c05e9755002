/** Looks for text in the whole output, as one types. */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { number } from '../format/size.ts';
import { Icon } from '../parts/icon.tsx';
import { MOST_GATHERED, type Found, type LineSearch } from './line-search.ts';
import type { Finding } from './use-finding.ts';

/** So long after the last key. */
const TYPED_MS = 150;

interface Props {
  readonly search: LineSearch;
  readonly finding: Finding;
  /** Called when one is done with it. */
  readonly onLeave: () => void;
}

export function SearchField({ search, finding, onLeave }: Props): JSX.Element {
  const { at, lookFor, next, before } = finding;
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tell = (): void => {
    clearTimeout(timer.current);
    const text = input.current?.value ?? '';
    if (text !== search.text.peek()) lookFor(text);
  };
  // Of another output it is looked for the same.
  useEffect(() => {
    tell();
    return () => clearTimeout(timer.current);
  }, [search]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (input.current !== null) input.current.value = '';
      tell();
      onLeave();
    } else if (event.key === 'Enter') {
      const isNew = input.current?.value !== search.text.peek();
      tell();
      if (isNew) return;
      if (event.shiftKey) before();
      else next();
    } else return;
    event.preventDefault();
  };
  const isEmpty = search.text.value === '';
  return (
    <div class="log-search" role="search" aria-label="Output">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        data-filter
        placeholder="Search the output"
        aria-label="Search the output"
        autocomplete="off"
        spellcheck={false}
        maxLength={200}
        onInput={() => {
          clearTimeout(timer.current);
          timer.current = setTimeout(tell, TYPED_MS);
        }}
        onKeyDown={onKeyDown}
      />
      <span class="log-found quiet number" role="status">
        {isEmpty ? '' : foundWords(search.found.value, at.value)}
      </span>
      <button type="button" class="icon-button" aria-label="Match before (N)" disabled={isEmpty} onClick={before}>
        <Icon name="up" />
      </button>
      <button type="button" class="icon-button" aria-label="Next match (n)" disabled={isEmpty} onClick={next}>
        <Icon name="down" />
      </button>
    </div>
  );
}

/** `3 of 17`. */
function foundWords({ lines, complete, searching, failed }: Found, at: number | null): string {
  if (failed) return 'the search failed';
  if (lines.length === 0) return searching || !complete ? 'searching…' : 'none';
  const place = at === null ? -1 : lines.indexOf(at);
  const all = complete
    ? number(lines.length)
    : searching
      ? `${number(lines.length)}…`
      : `over ${number(MOST_GATHERED)}`;
  return place < 0 ? `${all} ${complete && lines.length === 1 ? 'line' : 'lines'}` : `${number(place + 1)} of ${all}`;
}
