/** Who asks. */
import type { CallerKind } from '../../domain/caller-kind.ts';
import type { Role } from '../../domain/role.ts';
import { JobschedError } from '../../errors.ts';

export interface Caller {
  /** Of the key; `local` or `anyone` without one. */
  readonly name: string;
  readonly role: Role;
  readonly kind: CallerKind;
  /** Of the key that it showed, or logged in with; null without one. */
  readonly keyId: string | null;
}

/** Until there is a key of role admin, and from then on: commands ask as this one too, and who submits them is no admin. */
export const LOCAL_ADMIN: Caller = { name: 'local', role: 'admin', kind: 'local', keyId: null };
export const LOCAL_OPERATOR: Caller = { ...LOCAL_ADMIN, role: 'operator' };
export const ANYONE: Caller = { name: 'anyone', role: 'admin', kind: 'open', keyId: null };

/** The same for every key that is not valid, and for none: it tells nothing of the keys that there are. */
export function unauthorized(): JobschedError {
  return new JobschedError('unauthorized', 'this takes a key that is valid', {
    hint: 'Send it as Authorization: Bearer <key>. `jobsched key create` makes one.',
  });
}

export function forbidden(needed: Role): JobschedError {
  return new JobschedError('forbidden', `this takes the role ${needed}`, { hint: 'Ask with a key of that role.' });
}

/** What the machine's own user is told without a key, once there is one of role admin. */
export function keyForAdmin(): JobschedError {
  return new JobschedError('forbidden', 'this takes a key of role admin, now that there is one', {
    hint: 'Show it: --key-file FILE, JOBSCHED_KEY, or the page at /login.',
  });
}
