/**
 * Out of contact: when a worker that cannot renew a lease has to end the command itself.
 *
 * The engine decides an attempt as lost no earlier than D = lease + `lostAfterSeconds` after it received the last good
 * renewal, hence no earlier than D after that was *sent*. Until shortly before, the command may run: engines restart and
 * fail over. At D it must be gone, or it could run beside its own retry.
 *
 * Laws: TERM is not after KILL, KILL is before D, also by a clock that runs faster than this one by {@link DRIFT}, and TERM
 * is not before two further renewals had their chance.
 */
import { SECOND, type Millis } from '../domain/instant.ts';
import { LEASE } from '../store/leases.ts';

/** KILL so long before the decision, at least. */
const MARGIN: Millis = 2 * SECOND;
/**
 * By how much the engine's clock may run faster than this host's: where both are being slewed, each by the most that Linux
 * does (0.05 %), and as much again for clocks that nobody corrects.
 */
const DRIFT = 0.002;
/** No TERM earlier than this after the last good renewal was sent. */
const PATIENCE: Millis = 10 * SECOND;

/** Both by the worker's monotonic clock. */
export interface ContactDeadlines {
  readonly termAt: Millis;
  readonly killAt: Millis;
}

export interface ContactPolicy {
  readonly lostAfterSeconds: number;
  readonly killGraceSeconds: number;
}

/** @param renewedAt when the last good renewal, or the claim, was sent. */
export function contactDeadlines(renewedAt: Millis, policy: ContactPolicy): ContactDeadlines {
  const decision = LEASE + policy.lostAfterSeconds * SECOND;
  const kill = decision - Math.max(MARGIN, decision * DRIFT);
  const term = Math.max(PATIENCE, kill - policy.killGraceSeconds * SECOND);
  return { termAt: renewedAt + term, killAt: renewedAt + kill };
}
