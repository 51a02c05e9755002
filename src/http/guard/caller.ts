/** Who asks. */
import { includesRole, type Role } from '../../domain/role.ts';
import { JobschedError } from '../../errors.ts';
import type { Access } from '../routes/route.ts';

export interface Caller {
  /** Of the key; `local` or `anyone` without one. */
  readonly name: string;
  readonly role: Role;
  /**
   * `key`: it showed one. `session`: a page that somebody logged in to with a key. `local`: this machine's own user, or
   * root, over loopback. `open`: whoever reaches the port, since `--auth none` lets them.
   */
  readonly kind: 'key' | 'session' | 'local' | 'open';
}

export const LOCAL_USER: Caller = { name: 'local', role: 'admin', kind: 'local' };
export const ANYONE: Caller = { name: 'anyone', role: 'admin', kind: 'open' };

/** @throws JobschedError `unauthorized` for nobody, `forbidden` for whom the role is not enough. */
export function requireRole(caller: Caller | null, access: Access): void {
  if (access === 'anyone') return;
  if (caller === null) {
    throw new JobschedError('unauthorized', 'this takes a key', {
      hint: 'Send it as Authorization: Bearer <key>.',
    });
  }
  if (includesRole(caller.role, access)) return;
  throw new JobschedError('forbidden', `this takes the role ${access}, and ${caller.name} is ${caller.role}`, {
    hint: 'Ask somebody who has it.',
  });
}
