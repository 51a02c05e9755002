/**
 * Keys: who may ask, besides the machine's own user; and sessions, which a page has instead of its key.
 *
 * A store never sees a key or a session's token, only what a hash made of it: whoever reads the store can ask for nothing.
 * A session is its key's: it ends with it, at the latest.
 *
 * The first key is an admin's, and a valid one of that role stays as long as there are others: without any, the machine's
 * own user is admin, and so would be the commands of whoever may submit.
 */
import type { Instant } from '../domain/instant.ts';
import type { Role } from '../domain/role.ts';

/** SHA-256 of a key or of a session's token, in hexadecimal. */
export type SecretHash = string;

export interface NewKey {
  /** A UUID. */
  readonly id: string;
  /** No other key has it. */
  readonly name: string;
  readonly role: Role;
  readonly hash: SecretHash;
  /** From then on it is as if it were not there, but it is listed. */
  readonly expiresAt: Instant | null;
}

export interface Key extends NewKey {
  readonly createdAt: Instant;
  /** About: whoever uses a key says so now and then. */
  readonly lastUsedAt: Instant | null;
}

export interface NewSession {
  readonly hash: SecretHash;
  /** The id of its key. */
  readonly key: string;
  readonly expiresAt: Instant;
}

export interface OpenSession {
  readonly key: Key;
  readonly expiresAt: Instant;
}

export type CreateKeyResult =
  | { readonly status: 'created'; readonly key: Key }
  /** The same call came before. */
  | { readonly status: 'existing'; readonly key: Key }
  | { readonly status: 'name_taken' }
  /** There is none of role admin, not even one that has expired: the first is one. */
  | { readonly status: 'admin_first' };

/** `last_admin`: no other of role admin is valid, and there are others. */
export type RevokeKeyResult = 'revoked' | 'not_found' | 'last_admin';

/** Of one key: browsers of one person, or of few. Beyond it those go that end first, which are the oldest. */
export const MOST_SESSIONS = 100;

export interface KeyStore {
  createKey(key: NewKey): Promise<CreateKeyResult>;

  /** All of them, newest first. */
  keys(): Promise<Key[]>;

  /** Null for one that is not there, or has expired. */
  findKey(hash: SecretHash): Promise<Key | null>;

  /** Notes that it was used. One that is not there any more stays so. */
  touchKey(id: string): Promise<void>;

  /** Removes it and all its sessions. Who makes keys is there as long as there are any. */
  revokeKey(id: string): Promise<RevokeKeyResult>;

  /** A key has {@link MOST_SESSIONS} at most. */
  openSession(session: NewSession): Promise<'opened' | 'no_key'>;

  /** Null when it was closed, it or its key has expired, or the key was revoked. */
  findSession(hash: SecretHash): Promise<OpenSession | null>;

  closeSession(hash: SecretHash): Promise<void>;
}
