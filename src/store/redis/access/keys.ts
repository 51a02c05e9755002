/** Keys and sessions: see `store/keys.ts`. */
import type { Role } from '../../../domain/role.ts';
import {
  MOST_SESSIONS,
  type CreateKeyResult,
  type Key,
  type NewKey,
  type NewSession,
  type OpenSession,
  type RevokeKeyResult,
  type SecretHash,
} from '../../keys.ts';
import { fieldsOf, numberField, type Fields } from '../fields.ts';
import { callMark } from '../link/call-mark.ts';
import type { RedisLink } from '../link/link.ts';
import { list, tagged } from '../link/reply.ts';

export async function createKey(link: RedisLink, key: NewKey): Promise<CreateKeyResult> {
  const { id, name, role, hash, expiresAt } = key;
  const [status, fields] = tagged(await link.run('create-key', id, name, role, hash, expiresAt ?? ''));
  if (status === 'name_taken' || status === 'admin_first') return { status };
  return { status: status === 'created' ? 'created' : 'existing', key: toKey(id, fieldsOf(fields) ?? {}) };
}

export async function keys(link: RedisLink): Promise<Key[]> {
  const [ids] = (await link.read([['ZREVRANGE', `${link.prefix}keys`, 0, -1]])) as [string[]];
  const replies = await link.read(ids.map((id) => ['HGETALL', `${link.prefix}key:${id}`]));
  return ids.flatMap((id, index) => {
    const fields = fieldsOf(replies[index]);
    return fields === null ? [] : [toKey(id, fields)];
  });
}

export async function findKey(link: RedisLink, hash: SecretHash): Promise<Key | null> {
  const reply = list(await link.run('find-key', 'key', hash));
  const [id, fields] = reply;
  return reply.length === 0 ? null : toKey(String(id), fieldsOf(fields) ?? {});
}

export async function touchKey(link: RedisLink, id: string): Promise<void> {
  await link.run('touch-key', id);
}

export async function revokeKey(link: RedisLink, id: string): Promise<RevokeKeyResult> {
  return (await link.run('revoke-key', id, callMark())) as RevokeKeyResult;
}

export async function openSession(link: RedisLink, session: NewSession): Promise<'opened' | 'no_key'> {
  const { hash, key, expiresAt } = session;
  return (await link.run('open-session', hash, key, expiresAt, MOST_SESSIONS)) === 1 ? 'opened' : 'no_key';
}

export async function findSession(link: RedisLink, hash: SecretHash): Promise<OpenSession | null> {
  const reply = list(await link.run('find-key', 'session', hash));
  const [id, fields, expiresAt] = reply;
  if (reply.length === 0) return null;
  return { key: toKey(String(id), fieldsOf(fields) ?? {}), expiresAt: Number(expiresAt) };
}

export async function closeSession(link: RedisLink, hash: SecretHash): Promise<void> {
  await link.run('close-session', hash);
}

function toKey(id: string, fields: Fields): Key {
  return {
    id,
    name: fields['name'] ?? '',
    role: (fields['role'] ?? 'viewer') as Role,
    hash: fields['hash'] ?? '',
    createdAt: Number(fields['created_at']),
    expiresAt: numberField(fields['expires_at']),
    lastUsedAt: numberField(fields['last_used_at']),
  };
}
