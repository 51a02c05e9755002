/** A server that is away while somebody watches: what was known stays, and is said to be old. */
import { roughDuration } from '../format/duration.ts';
import { escapeLine } from '../format/escape.ts';
import type { Paint } from '../print/paint.ts';
import type { JobschedError } from '../../client/client.ts';
import type { Instant } from '../../domain/instant.ts';

export interface Outdated {
  readonly error: JobschedError;
  readonly since: Instant;
}

/** A line, without its line feed. */
export function outdatedLine({ error, since }: Outdated, now: Instant, paint: Paint): string {
  return paint.bad(escapeLine(`old by ${roughDuration(now - since)}: ${error.message}`));
}
