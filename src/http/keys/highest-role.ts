/**
 * What the keys that there are may do at most. One that has expired is one still: that the last one did must not let
 * anybody in who had none, as revoking it does.
 */
import { includesRole, type Role } from '../../domain/role.ts';
import type { Key } from '../../store/keys.ts';

/** Null where there is none. */
export function highestRole(keys: readonly Pick<Key, 'role'>[]): Role | null {
  let highest: Role | null = null;
  for (const { role } of keys) if (highest === null || includesRole(role, highest)) highest = role;
  return highest;
}
