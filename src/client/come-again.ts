/** Refusals that pass by themselves: the server said when to come again. */
import { JobschedError, type ErrorCode, type ErrorDetails } from '../errors.ts';
import { SECOND, type Millis } from '../domain/instant.ts';

/** Asking again mends it: nothing was done, or what was done is known by its key. */
const PASSES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'too_many_requests',
  'engine_unavailable',
  'engine_read_only',
  'not_replicated',
  'shutting_down',
]);

export class ComeAgain extends JobschedError {
  readonly afterMs: Millis;

  constructor(code: ErrorCode, message: string, details: ErrorDetails, afterMs: Millis) {
    super(code, message, details);
    this.afterMs = afterMs;
  }
}

/** @param retryAfter the header: seconds; dates are for other servers than ours. */
export function refusal(
  code: ErrorCode,
  message: string,
  details: ErrorDetails,
  retryAfter: string | string[] | undefined,
): JobschedError {
  const seconds = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : null;
  if (seconds === null || !PASSES.has(code)) return new JobschedError(code, message, details);
  return new ComeAgain(code, message, details, seconds * SECOND);
}
