/** Who did it, as the audit log tells. */
import type { NewAuditEntry } from '../../store/audit.ts';
import type { Caller } from '../guard/caller.ts';

type Actor = Pick<NewAuditEntry, 'who' | 'kind' | 'keyId' | 'role'>;

export const NOBODY: Actor = { who: '', kind: null, keyId: null, role: null };

export function actorOf(caller: Caller | null): Actor {
  if (caller === null) return NOBODY;
  const { name, kind, keyId, role } = caller;
  return { who: name, kind, keyId, role };
}
