/** Filters that are typed: `backup tag:nightly queue:gpu` is a text to look for and two filters. */
import type { Filter } from './filter.ts';

/**
 * The filter that a typed text means, added to what there is.
 *
 * @param names what may stand before a colon; any other word is looked for as it is.
 */
export function withTyped(filter: Filter, typed: string, names: readonly string[]): Filter {
  const { q: _, ...rest } = filter;
  const found: Record<string, string> = { ...rest };
  const words: string[] = [];
  for (const word of typed.split(/\s+/)) {
    const [, name = '', value = ''] = /^([a-z]+):(\S+)$/.exec(word) ?? [];
    if (names.includes(name)) found[name] = value;
    else if (word !== '') words.push(word);
  }
  return words.length === 0 ? found : { ...found, q: words.join(' ') };
}

/** A list in a filter, `failed,cancelled`, with one more or less. */
export function toggledList(list: string, value: string): string {
  const values = list.split(',').filter(Boolean);
  const without = values.filter((one) => one !== value);
  return (without.length < values.length ? without : [...values, value]).join(',');
}
