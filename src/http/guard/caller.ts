/** Who asks. */
import type { CallerKind } from '../../domain/caller-kind.ts';
import { includesRole, type Role } from '../../domain/role.ts';
import { JobschedError } from '../../errors.ts';

export interface Caller {
  /** Of the key; `local` or `anyone` without one. */
  readonly name: string;
  readonly role: Role;
  readonly kind: CallerKind;
  /** Of the key that it showed, or logged in with; null without one. */
  readonly keyId: string | null;
}

export const LOCAL_USER: Caller = { name: 'local', role: 'admin', kind: 'local', keyId: null };
export const ANYONE: Caller = { name: 'anyone', role: 'admin', kind: 'open', keyId: null };

/** The same for every key that is not valid, and for none: it tells nothing of the keys that there are. */
export function unauthorized(): JobschedError {
  return new JobschedError('unauthorized', 'this takes a key that is valid', {
    hint: 'Send it as Authorization: Bearer <key>. `jobsched key create` makes one.',
  });
}

/** @throws JobschedError `forbidden`. */
export function requireRole({ name, role }: Caller, needed: Role): void {
  if (includesRole(role, needed)) return;
  throw new JobschedError('forbidden', `this takes the role ${needed}, and ${name} is ${role}`, {
    hint: `Ask with a key of that role: \`jobsched key create --role ${needed}\` makes one.`,
  });
}
