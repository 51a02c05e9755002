/**
 * Retry: whether an attempt that failed is followed by another of the same run, and when.
 *
 * Laws: a run has at most `retries + 1` attempts, whatever ended them; an attempt released by a draining worker before
 * its child was started was none. The delay before the next is what the job says, or up to {@link MOST_SPREAD} times that,
 * and never beyond `retryMaxDelaySeconds`: what comes close to that is spread below it.
 */
import { hash, HASHES } from './hash.ts';
import type { RunId } from './id.ts';
import { SECOND, type Instant, type Millis } from './instant.ts';
import type { Outcome } from './run.ts';

export type Backoff = 'fixed' | 'exponential';
export const BACKOFFS = ['fixed', 'exponential'] as const satisfies readonly Backoff[];

/** How much longer a delay may be than the job says: up to 20 %. How much is fixed by run and attempt. */
export const MOST_SPREAD = 1.2;

/** What a job says of it; see `CommonDefinition`, which is one. */
interface Policy {
  readonly retries: number;
  readonly retryDelaySeconds: number;
  readonly retryBackoff: Backoff;
  readonly retryMaxDelaySeconds: number;
  readonly retryOnExitCodes: readonly number[] | null;
  readonly onLost: 'retry' | 'fail' | null;
}

/** Whether a lost attempt, the `attempt`th of its run, is followed by another. It is retried at once. */
export function retriesLost(policy: Policy, attempt: number): boolean {
  const onLost = policy.onLost ?? (policy.retries >= 1 ? 'retry' : 'fail');
  return onLost === 'retry' && attempt <= policy.retries;
}

/**
 * When the attempt after the `attempt`th (the first is 1) of the run may be claimed, or null when there is none. The same
 * for the same arguments.
 */
export function retryAt(
  policy: Policy,
  { run, attempt }: { readonly run: RunId; readonly attempt: number },
  outcome: Outcome,
  now: Instant,
): Instant | null {
  if (outcome.status !== 'failed' || attempt > policy.retries) return null;
  if (outcome.reason === 'lost') return retriesLost(policy, attempt) ? now : null;
  if (outcome.reason === 'exit' && policy.retryOnExitCodes && !policy.retryOnExitCodes.includes(outcome.exitCode)) {
    return null;
  }
  return now + Math.round(delay(policy, attempt) * spread(run, attempt));
}

/**
 * The shortest the delay may be: `retryDelaySeconds`, with exponential backoff doubled for each attempt before, and so
 * much below the cap that nothing spread from it goes beyond. 2^40 s is beyond any cap, so the exponent stays exact.
 */
function delay({ retryBackoff, retryDelaySeconds, retryMaxDelaySeconds }: Policy, attempt: number): Millis {
  const factor = retryBackoff === 'exponential' ? 2 ** Math.min(attempt - 1, 40) : 1;
  return Math.min(retryDelaySeconds * factor, retryMaxDelaySeconds / MOST_SPREAD) * SECOND;
}

/**
 * From 1 to {@link MOST_SPREAD}. What fails together, since what all of it needs is away, would otherwise come back
 * together, again and again: with a fixed delay as with a growing one, and at the cap too.
 */
function spread(run: RunId, attempt: number): number {
  return 1 + ((MOST_SPREAD - 1) * hash(`${run}#${attempt}`)) / HASHES;
}
