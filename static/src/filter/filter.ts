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

/** `24h` → that long ago, as RFC 3339. What is neither that nor a time stays as it is, for the server to refuse. */
export function sinceTime(text: string, now: number): string {
  const [, count, unit = ''] = /^(\d{1,4})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now - Number(count) * (UNIT_MS[unit] ?? 0)).toISOString();
  // Engines read more than dates: the number in `last 5`, say.
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

/** As the API takes it in an address. A filter that it cannot read is never left out, or all rows would be meant. */
export function apiFilter(filter: Filter, now: number): Filter {
  const { since = '', until = '', ...rest } = filter;
  return {
    ...rest,
    ...(since !== '' && { since: sinceTime(since, now) }),
    ...(until !== '' && { until: sinceTime(until, now) }),
  };
}

const LISTS = new Set(['status', 'reason', 'trigger']);

/** As the API takes it in a body: lists are lists and truths are truths. */
export function bodyFilter(filter: Filter, now: number): object {
  const entries = Object.entries(apiFilter(filter, now));
  return Object.fromEntries(entries.map(([name, value]) => [name, bodyValue(name, value)]));
}

function bodyValue(name: string, value: string): unknown {
  if (LISTS.has(name)) return value.split(',');
  if (name === 'late' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}
