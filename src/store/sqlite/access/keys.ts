/** Keys and sessions: see `store/keys.ts`. */
import type { Instant } from '../../../domain/instant.ts';
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
import type { Reading, Transaction } from '../transaction/transaction.ts';

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly hash: SecretHash;
  readonly created_at: Instant;
  readonly expires_at: Instant | null;
  readonly last_used_at: Instant | null;
}

const SELECT = 'SELECT id, name, role, hash, created_at, expires_at, last_used_at FROM keys';

export function createKey(tx: Transaction, { id, name, role, hash, expiresAt }: NewKey): CreateKeyResult {
  const known = tx.sql.one<KeyRow>(`${SELECT} WHERE id = ?`, id);
  if (known !== undefined) return { status: 'existing', key: toKey(known) };
  if (tx.sql.one('SELECT 1 FROM keys WHERE name = ?', name) !== undefined) return { status: 'name_taken' };
  if (role !== 'admin' && keys(tx).every((key) => key.role !== 'admin')) return { status: 'admin_first' };
  const insert = 'INSERT INTO keys (id, name, role, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)';
  tx.sql.run(insert, id, name, role, hash, tx.now, expiresAt);
  return { status: 'created', key: { id, name, role, hash, expiresAt, createdAt: tx.now, lastUsedAt: null } };
}

export function keys(of: Reading): Key[] {
  return of.sql.all<KeyRow>(`${SELECT} ORDER BY created_at DESC, id DESC`).map(toKey);
}

export function findKey(of: Reading, hash: SecretHash): Key | null {
  return validKey(of, of.sql.one<KeyRow>(`${SELECT} WHERE hash = ?`, hash));
}

export function touchKey(tx: Transaction, id: string): void {
  tx.sql.run('UPDATE keys SET last_used_at = ? WHERE id = ?', tx.now, id);
}

export function revokeKey(tx: Transaction, id: string): RevokeKeyResult {
  const all = keys(tx);
  const others = all.filter((key) => key.id !== id);
  const isAdmins = all.some((key) => key.id === id && key.role === 'admin');
  if (isAdmins && others.length > 0 && !others.some((key) => isValidAdmin(key, tx.now))) return 'last_admin';
  tx.sql.run('DELETE FROM sessions WHERE key = ?', id);
  return tx.sql.run('DELETE FROM keys WHERE id = ?', id) > 0 ? 'revoked' : 'not_found';
}

export function openSession(tx: Transaction, { hash, key, expiresAt }: NewSession): 'opened' | 'no_key' {
  if (keyOf(tx, key) === null) return 'no_key';
  tx.sql.run('INSERT OR REPLACE INTO sessions (hash, key, expires_at) VALUES (?, ?, ?)', hash, key, expiresAt);
  const others = 'SELECT hash FROM sessions WHERE key = ? AND hash <> ? ORDER BY expires_at DESC LIMIT -1 OFFSET ?';
  tx.sql.run(`DELETE FROM sessions WHERE hash IN (${others})`, key, hash, MOST_SESSIONS - 1);
  return 'opened';
}

export function findSession(of: Reading, hash: SecretHash): OpenSession | null {
  const select = 'SELECT key, expires_at FROM sessions WHERE hash = ? AND expires_at > ?';
  const row = of.sql.one<{ readonly key: string; readonly expires_at: Instant }>(select, hash, of.now);
  const key = row === undefined ? null : keyOf(of, row.key);
  return row === undefined || key === null ? null : { key, expiresAt: row.expires_at };
}

export function closeSession(tx: Transaction, hash: SecretHash): void {
  tx.sql.run('DELETE FROM sessions WHERE hash = ?', hash);
}

/** Those that have expired. @returns how many there were, at most `limit`. */
export function forgetSessions(tx: Transaction, limit: number): number {
  const expired = 'SELECT hash FROM sessions WHERE expires_at <= ? LIMIT ?';
  return tx.sql.run(`DELETE FROM sessions WHERE hash IN (${expired})`, tx.now, limit);
}

const isValidAdmin = ({ role, expiresAt }: Key, now: Instant): boolean =>
  role === 'admin' && (expiresAt === null || expiresAt > now);

function keyOf(of: Reading, id: string): Key | null {
  return validKey(of, of.sql.one<KeyRow>(`${SELECT} WHERE id = ?`, id));
}

function validKey(of: Reading, row: KeyRow | undefined): Key | null {
  if (row === undefined || (row.expires_at !== null && row.expires_at <= of.now)) return null;
  return toKey(row);
}

function toKey({ id, name, role, hash, created_at, expires_at, last_used_at }: KeyRow): Key {
  return { id, name, role, hash, createdAt: created_at, expiresAt: expires_at, lastUsedAt: last_used_at };
}
