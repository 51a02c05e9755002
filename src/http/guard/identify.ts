/**
 * Who asks: by a key, by the cookie of a session, or by being this machine's own user.
 *
 * | the request shows | `--auth local` | `--auth keys` | `--auth none` |
 * |---|---|---|---|
 * | a key | its role | its role | its role |
 * | the cookie of a session | its key's role | its key's role | its key's role |
 * | nothing, over loopback, from the daemon's own user or root | admin until there is a key of that role, then operator | admin until there is a key | admin |
 * | nothing else | nobody | nobody | admin |
 *
 * A command asks as the daemon's own user, too: were that one always an admin, whoever may submit could make himself one.
 *
 * A key that is not valid is refused, whoever shows it. A cookie that is not is as good as none.
 */
import type { IncomingMessage } from 'node:http';
import type { Role } from '../../domain/role.ts';
import type { Credential, Found, KnownKeys } from '../keys/known-keys.ts';
import { hashSecret } from '../keys/secret.ts';
import { goOn } from './at-once.ts';
import { ANYONE, keyForAdmin, LOCAL_ADMIN, LOCAL_OPERATOR, unauthorized, type Caller } from './caller.ts';
import type { CheckKey } from './check-key.ts';
import { isLocalhost } from './forwarded.ts';
import { notTheUser, type LocalUserGuard, type Stranger } from './local-user.ts';
import { plainAddress } from './proxies.ts';
import { isLoopback } from './rate-limit.ts';
import type { Sender } from './sender.ts';
import { readSessionCookies } from './session-cookie.ts';

export type AuthMode = 'local' | 'keys' | 'none';

export interface IdentifyOptions {
  readonly mode: AuthMode;
  readonly keys: KnownKeys;
  /** Null where nobody can tell: then everybody on this machine is its user. */
  readonly localUser: LocalUserGuard | null;
  readonly checkKey: CheckKey;
}

export interface Identity {
  /** Null for nobody. */
  readonly caller: Caller | null;
  /** What it showed; null for who needs none. */
  readonly credential: Credential | null;
  /** What it is told where somebody is wanted, or more than it may do; null: what its role tells. */
  readonly refusal: Error | null;
}

export interface Identify {
  /** At once for who was known before. @throws TooManyRequests after too many wrong keys. */
  (request: IncomingMessage, sender: Sender): Promise<Identity> | Identity;
}

const ADMIN: Identity = { caller: LOCAL_ADMIN, credential: null, refusal: null };
const OPEN: Identity = { caller: ANYONE, credential: null, refusal: null };

export function createIdentify(options: IdentifyOptions): Identify {
  const { mode, keys, localUser, checkKey } = options;

  const byKey = (secret: string, address: string): Promise<Identity> | Identity =>
    goOn(checkKey(secret, address), (found) =>
      found === null ? nobody(unauthorized()) : holder(found, { kind: 'key', hash: found.key.hash }),
    );

  /** The first that is one counts. */
  const bySession = (
    tokens: readonly string[],
    request: IncomingMessage,
    sender: Sender,
  ): Promise<Identity> | Identity => {
    const [token, ...others] = tokens;
    if (token === undefined) return withoutKey(request, sender);
    const credential: Credential = { kind: 'session', hash: hashSecret(token) };
    return goOn(keys.find(credential), (found) =>
      found === null ? bySession(others, request, sender) : holder(found, credential),
    );
  };

  const withoutKey = (request: IncomingMessage, sender: Sender): Promise<Identity> | Identity => {
    if (mode === 'none') return OPEN;
    if (!isLoopback(plainAddress(request.socket.remoteAddress ?? '') ?? '')) return nobody(unauthorized());
    if (mode === 'local') return byUser(request, sender);
    return goOn(keys.highest(), (role) => (role === null ? byUser(request, sender) : nobody(unauthorized())));
  };

  const byUser = (request: IncomingMessage, sender: Sender): Promise<Identity> | Identity => {
    const verdict = passedOn(sender) ?? localUser?.judge(request) ?? 'own';
    return goOn(verdict, (judged) => {
      if (judged === 'own') return ownUser();
      return goOn(keys.highest(), (role) => nobody(role === null ? notTheUser(judged) : unauthorized()));
    });
  };

  /** Without an engine nobody knows whether there is such a key: what takes none goes on. */
  const ownUser = (): Promise<Identity> | Identity => {
    const highest = keys.highest();
    if (highest instanceof Promise) return highest.then(localAs, operatorUntil);
    return localAs(highest);
  };

  return (request, sender) => {
    const key = bearerOf(request);
    if (key !== null) return byKey(key, sender.address);
    if (request.headers.cookie === undefined) return withoutKey(request, sender);
    return bySession(readSessionCookies(request.headers, sender.cookiePlace()), request, sender);
  };
}

function passedOn({ isForwarded, host }: Sender): Stranger | null {
  if (isForwarded) return 'forwarded';
  return isLocalhost(host.name) ? null : 'elsewhere';
}

const localAs = (highest: Role | null): Identity => (highest === 'admin' ? operatorUntil(keyForAdmin()) : ADMIN);
const operatorUntil = (refusal: Error): Identity => ({ caller: LOCAL_OPERATOR, credential: null, refusal });

/** @param refusal what it is told. */
export const nobody = (refusal: Error): Identity => ({ caller: null, credential: null, refusal });

function holder({ key: { id, name, role } }: Found, credential: Credential): Identity {
  return { caller: { name, role, kind: credential.kind, keyId: id }, credential, refusal: null };
}

/** A proxy that wants a password of its own may send on what it was given: that is not meant for us. */
function bearerOf({ headers }: IncomingMessage): string | null {
  const shown = /^Bearer(?: +(.*))?$/i.exec(headers.authorization ?? '');
  // An empty one is a key as well: its variable was not set.
  return shown === null ? null : (shown[1] ?? '').trim();
}
