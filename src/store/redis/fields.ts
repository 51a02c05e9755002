/** Hashes, as Redis answers them. */

export type Fields = Readonly<Record<string, string | undefined>>;

/** What HGETALL answered; null for a hash that is not there. */
export function fieldsOf(reply: unknown): Fields | null {
  const fields = Array.isArray(reply) ? paired(reply) : (reply as Record<string, string>);
  return Object.keys(fields).length === 0 ? null : fields;
}

/** How it comes from a connection that knows nothing of commands: keys and values in turn. */
function paired(flat: readonly unknown[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let i = 0; i < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
  return fields;
}

export function textField(value: string | undefined): string | null {
  return value ?? null;
}

export function numberField(value: string | undefined): number | null {
  return value === undefined ? null : Number(value);
}
