/** The chosen lines: what the address names after its `#`. */
import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { replaceHash, replaceSearch } from '../router.ts';
import { parseSelection, selectionHash, type LineSelection } from './line-selection.ts';

export interface Selection {
  readonly chosen: ReadonlySignal<LineSelection | null>;
  /** Chooses others, in the address too. */
  readonly choose: (lines: LineSelection | null) => void;
}

/** @param search what the address has to say for the lines to be these. */
export function useSelection(search: string): Selection {
  const chosen = useSignal(parseSelection(location.hash));
  useEffect(() => {
    const read = (): void => {
      chosen.value = parseSelection(location.hash);
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, [search]);
  const choose = (lines: LineSelection | null): void => {
    if (lines !== null) replaceSearch(search);
    replaceHash(lines === null ? '' : selectionHash(lines));
    chosen.value = lines;
  };
  return { chosen, choose };
}
