/** The filter of a screen: the address has it, and whatever changes it changes the address. */
import { replaceSearch, search } from '../router.ts';
import { filterSearch, parseFilter, type Filter } from './filter.ts';

export interface FilterState {
  readonly filter: Filter;
  /** Given the filter as it is by then. */
  readonly change: (update: (filter: Filter) => Filter) => void;
}

/** @param known the filters that the screen has. */
export const useFilter = (known: readonly string[]): FilterState => ({
  filter: parseFilter(search.value, known),
  change: (update) => {
    const next = filterSearch(update(parseFilter(search.peek(), known)));
    // Always in the same order, so that one filter has one address.
    replaceSearch(filterSearch(parseFilter(next, known)));
  },
});
