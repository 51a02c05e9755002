/**
 * Keys and sessions that were found valid a moment ago, so that a request need not ask the store for them.
 *
 *   unknown ──asked, valid──► known ──3 s──► to be asked again
 *
 * One that is revoked by this server is forgotten at once; by another server, within those 3 s. What is not valid is not
 * remembered: a key that was just made works at once.
 */
import { MINUTE, SECOND, type Instant, type Millis } from '../../domain/instant.ts';
import type { Role } from '../../domain/role.ts';
import type { Key, SecretHash } from '../../store/keys.ts';
import type { Store } from '../../store/store.ts';
import { highestRole } from './highest-role.ts';

/** How long an answer of the store is believed. */
export const KNOWN_FOR: Millis = 3 * SECOND;
/** How often the store is told that a key is used. */
const TOUCH_EVERY: Millis = MINUTE;
/** More at once than anybody has: the oldest answers go. */
const MOST_KNOWN = 10_000;

export interface Credential {
  readonly kind: 'key' | 'session';
  readonly hash: SecretHash;
}

export interface Found {
  readonly key: Key;
  /** When the session ends; null for a key. */
  readonly sessionEnds: Instant | null;
}

interface Known extends Found {
  readonly until: Millis;
}

export interface KnownKeys {
  /** At once for one that is known. Null for one that is not valid. */
  find(credential: Credential): Promise<Found | null> | Found;
  /** Whether a key of that hash was valid when it was last asked for. */
  wasValid(hash: SecretHash): boolean;
  /** What the keys that there are may do at most; null where there is none. At once when it was asked a moment ago. */
  highest(): Promise<Role | null> | Role | null;
  /** To be called when keys or sessions were made or taken away here. */
  forget(): void;
  /** @param listener called after each `forget`. @returns a function that ends that. */
  onForget(listener: () => void): () => void;
}

export interface KnownKeysOptions {
  readonly store: Pick<Store, 'findKey' | 'findSession' | 'touchKey' | 'keys'>;
  readonly monotonic: () => Millis;
}

export function createKnownKeys({ store, monotonic }: KnownKeysOptions): KnownKeys {
  const known = new Map<SecretHash, Known>();
  /** Longer than they are believed. */
  const wereValid = new Set<SecretHash>();
  const asked = new Map<SecretHash, Promise<Found | null>>();
  const touched = new Map<string, Millis>();
  let highest: { readonly role: Role | null; readonly until: Millis } | null = null;
  let askedHighest: Promise<Role | null> | null = null;
  const listeners = new Set<() => void>();
  /** What was asked before keys were taken away is not believed. */
  let age = 0;

  const ask = async (credential: Credential): Promise<Found | null> => {
    const begun = age;
    const found = await lookUp(store, credential);
    if (found === null) {
      wereValid.delete(credential.hash);
      return null;
    }
    if (wereValid.size >= MOST_KNOWN) wereValid.clear();
    wereValid.add(credential.hash);
    touch(found.key.id);
    if (begun === age) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(credential.hash, { ...found, until: monotonic() + KNOWN_FOR });
    }
    return found;
  };

  const askHighest = async (): Promise<Role | null> => {
    const begun = age;
    const role = highestRole(await store.keys());
    if (begun === age) highest = { role, until: monotonic() + KNOWN_FOR };
    return role;
  };

  /** Nobody waits for it, and the next one tries again if it fails. */
  const touch = (id: string): void => {
    const now = monotonic();
    if (now - (touched.get(id) ?? -Infinity) < TOUCH_EVERY) return;
    if (touched.size >= MOST_KNOWN) touched.clear();
    touched.set(id, now);
    store.touchKey(id).catch(() => touched.delete(id));
  };

  return {
    find: (credential) => {
      const { hash } = credential;
      const there = known.get(hash);
      if (there !== undefined && there.until > monotonic()) return there;
      known.delete(hash);
      // Those that come together ask once.
      const underWay = asked.get(hash) ?? ask(credential).finally(() => asked.delete(hash));
      asked.set(hash, underWay);
      return underWay;
    },
    wasValid: (hash) => wereValid.has(hash),
    highest: () => {
      if (highest !== null && highest.until > monotonic()) return highest.role;
      const underWay: Promise<Role | null> =
        askedHighest ??
        askHighest().finally(() => {
          if (askedHighest === underWay) askedHighest = null;
        });
      askedHighest = underWay;
      return underWay;
    },
    forget: () => {
      age += 1;
      highest = null;
      askedHighest = null;
      known.clear();
      asked.clear();
      for (const listener of listeners) listener();
    },
    onForget: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

async function lookUp(store: KnownKeysOptions['store'], { kind, hash }: Credential): Promise<Found | null> {
  if (kind === 'session') {
    const session = await store.findSession(hash);
    return session && { key: session.key, sessionEnds: session.expiresAt };
  }
  const key = await store.findKey(hash);
  return key && { key, sessionEnds: null };
}
