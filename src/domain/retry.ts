/**
 * Retry: whether an attempt that failed is followed by another of the same run, and when.
 *
 * Law: a run has at most `retries + 1` attempts, whatever ended them. An attempt released by a draining worker before
 * its child was started was none.
 */
import { SECOND, type Instant } from './instant.ts';
import type { Outcome } from './run.ts';

export type Backoff = 'fixed' | 'exponential';
export const BACKOFFS = ['fixed', 'exponential'] as const satisfies readonly Backoff[];

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

/** When the attempt after the `attempt`th (the first is 1) may be claimed, or null when there is none. */
export function retryAt(policy: Policy, attempt: number, outcome: Outcome, now: Instant): Instant | null {
  if (outcome.status !== 'failed' || attempt > policy.retries) return null;
  if (outcome.reason === 'lost') return retriesLost(policy, attempt) ? now : null;
  if (outcome.reason === 'exit' && policy.retryOnExitCodes && !policy.retryOnExitCodes.includes(outcome.exitCode)) {
    return null;
  }
  return now + delaySeconds(policy, attempt) * SECOND;
}

/** Exponential: doubling from `retryDelaySeconds` and capped. 2^40 s is beyond any cap, so the exponent stays exact. */
function delaySeconds(policy: Policy, attempt: number): number {
  const factor = policy.retryBackoff === 'exponential' ? 2 ** Math.min(attempt - 1, 40) : 1;
  return Math.min(policy.retryDelaySeconds * factor, policy.retryMaxDelaySeconds);
}
