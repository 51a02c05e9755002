/** How scripts answer, read with the suspicion that a border deserves. */

/** `''` is how scripts say null. */
export function numberOrNull(value: unknown): number | null {
  return value === '' || value === null || value === undefined ? null : Number(value);
}

export function textOrNull(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** @throws Error when it is no list: a script and its wrapper do not belong together. */
export function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`a script answered ${JSON.stringify(value)} and not a list`);
  return value;
}

/** The word that an answer begins with, and the rest of it. */
export function tagged(value: unknown): readonly [tag: string, ...rest: unknown[]] {
  const answer: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [String(answer[0]), ...answer.slice(1)];
}

/** An item that failed for a bug of ours says `failed` and why. */
export function failure(value: unknown): Error | null {
  const [tag, why] = tagged(value);
  return tag === 'failed' ? new Error(`a script failed: ${String(why)}`) : null;
}
