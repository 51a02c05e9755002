/** Paths of the API, with whatever a caller put into them made harmless. */

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A tag for templates: path`/api/jobs/${ref}` percent-encodes what is put in. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((text, part, index) => text + encodeURIComponent(values[index - 1] ?? '') + part);
}

/** The path with a query: undefined and empty lists are left out; lists are joined with commas. */
export function withQuery(base: string, query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    params.set(name, Array.isArray(value) ? value.join(',') : String(value));
  }
  const text = params.toString();
  return text === '' ? base : `${base}?${text}`;
}
