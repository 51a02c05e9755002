/** What a list shows, as the address has it: `?status=failed&since=24h`. It outlives a reload and can be sent. */

/** Names of the API's filters and their values; none is empty. */
export type Filter = Readonly<Record<string, string>>;

/** How many characters of a value are kept. */
export const MOST_TEXT = 200;

/** @param known the filters that the list has; others are left out. */
export function parseFilter(search: string, known: readonly string[]): Filter {
  const params = new URLSearchParams(search);
  const entries = known.map((name) => [name, (params.get(name) ?? '').slice(0, MOST_TEXT)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Empty for a filter that lets all through. */
export function filterSearch(filter: Filter): string {
  const params = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return params.size === 0 ? '' : `?${params}`;
}

/** The filter with one value more, or less when it is empty. */
export function withFilter(filter: Filter, name: string, value: string): Filter {
  const { [name]: _, ...rest } = filter;
  return value === '' ? rest : { ...rest, [name]: value };
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `24h` → that long ago, as RFC 3339; a time stays as it is. Null when it is neither. */
export function sinceTime(text: string, now: number): string | null {
  const [, count, unit = ''] = /^(\d{1,4})([mhdw])$/.exec(text) ?? [];
  const at = count === undefined ? Date.parse(text) : now - Number(count) * (UNIT_MS[unit] ?? 0);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** As the API takes it. */
export function apiFilter(filter: Filter, now: number): Filter {
  const { since = '', until = '', ...rest } = filter;
  const from = sinceTime(since, now);
  const to = sinceTime(until, now);
  return { ...rest, ...(from !== null && { since: from }), ...(to !== null && { until: to }) };
}
