/** What acknowledged means: that Redis has it, or that a replica of it has it too. */
import type { ScriptName } from './scripts.ts';

/**
 * - `engine`: Redis has it. A failover may lose what the replica had not received yet.
 * - `replica`: a replica has received it too.
 */
export type Durability = 'engine' | 'replica';

/**
 * Which scripts wait for the replica, with `replica`:
 *
 * - `must`: a person is told that it is done. When no replica confirms it they are told so, and ask again.
 * - `may`: a worker goes on, confirmed or not, since commands are not to stand still because a replica is away. What a
 *   replica has follows the order of writes: a run that was confirmed as claimed was confirmed as fired.
 * - `never`: what is lost is found again (leases, ticks), or is no promise (output, signs of life, samples).
 */
export const WAITS_FOR_REPLICA = {
  'create-jobs': 'must',
  'remember-request': 'must',
  'update-job': 'must',
  'pause-job': 'must',
  'resume-job': 'must',
  'delete-job': 'must',
  trigger: 'must',
  cancel: 'must',
  'set-queue': 'must',
  'create-key': 'must',
  'revoke-key': 'must',
  'open-session': 'may',
  'close-session': 'may',
  'append-audit': 'never',
  'touch-key': 'never',
  'find-key': 'never',
  'drain-worker': 'must',
  claim: 'may',
  finish: 'may',
  release: 'never',
  abandon: 'never',
  renew: 'never',
  heartbeat: 'never',
  tick: 'never',
  fire: 'never',
  'append-output': 'never',
  'has-work': 'never',
  'keep-sample': 'never',
  'trim-audit': 'never',
  'trim-look': 'never',
  'trim-once': 'never',
  'trim-outputs': 'never',
  'trim-runs': 'never',
  'trim-workers': 'never',
  open: 'never',
  probe: 'never',
  mark: 'never',
} as const satisfies Record<ScriptName, 'must' | 'may' | 'never'>;
