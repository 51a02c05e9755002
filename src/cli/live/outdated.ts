/** A server that is away while somebody watches: what was known stays, and is said to be old. */
import { roughDuration } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import type { Paint } from '../print/paint.ts';
import { unlessAborted } from './until-interrupted.ts';
import type { JobschedError } from '../../client/client.ts';
import { mayReturn } from '../../client/connection-problem.ts';
import type { Instant } from '../../domain/instant.ts';

export interface Outdated {
  readonly error: JobschedError;
  readonly since: Instant;
}

/** What is known, and since when no more could be learnt. */
export interface Known<What> {
  readonly what: What;
  readonly outdated: Outdated | null;
}

export interface Looking<What> {
  readonly ask: () => Promise<What>;
  readonly now: () => Instant;
  /** Then what was known is all there will be. */
  readonly signal: AbortSignal;
}

/** What the server says now, or when it is away what it said before. @throws what no waiting mends, as a key that is revoked. */
export async function learnt<What>(before: Known<What>, { ask, now, signal }: Looking<What>): Promise<Known<What>> {
  try {
    const what = await unlessAborted(ask(), signal);
    return what === null ? before : { what, outdated: null };
  } catch (error) {
    if (!mayReturn(error)) throw error;
    return { ...before, outdated: { error, since: before.outdated?.since ?? now() } };
  }
}

/** A line, without its line feed. */
export function outdatedLine({ error, since }: Outdated, now: Instant, paint: Paint): string {
  return paint.bad(escapeLine(`old by ${roughDuration(now - since)}: ${error.message}`));
}
