/** Which attempt, and which of its streams, are looked at: `?attempt=2&stream=stderr`. */
export interface ShownOutput {
  /** Null: the newest, whichever that becomes. */
  readonly attempt: number | null;
  /** Null for both. */
  readonly stream: 'stdout' | 'stderr' | null;
}

export function parseShown(search: string): ShownOutput {
  const query = new URLSearchParams(search);
  const attempt = Number(query.get('attempt'));
  const stream = (['stdout', 'stderr'] as const).find((one) => one === query.get('stream')) ?? null;
  return { attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : null, stream };
}

export function shownSearch({ attempt, stream }: ShownOutput): string {
  const entries = Object.entries({ attempt, stream }).flatMap(([name, value]) =>
    value === null ? [] : [[name, `${value}`]],
  );
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries)}`;
}
