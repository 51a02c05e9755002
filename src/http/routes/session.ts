/** Sessions: a page shows its key once, and from then on a cookie that no script can read. */
import { DAY, type Millis } from '../../domain/instant.ts';
import { NOBODY } from '../audit/actor.ts';
import type { App } from '../app.ts';
import { unauthorized, type Caller } from '../guard/caller.ts';
import { readSessionCookies, sessionCookie } from '../guard/session-cookie.ts';
import { clientOf } from '../guard/rate-limit.ts';
import { hashSecret, newSessionToken } from '../keys/secret.ts';
import { toWireTime } from '../reply/wire-time.ts';
import { json } from '../reply/reply.ts';
import { validate } from '../request/validate.ts';
import { loginBody, loginView, whoamiView, type LoginView, type WhoamiView } from '../schema/access.ts';
import { route, type ApiRequest } from './route.ts';

/** Whoever comes back after that shows the key again. */
const SESSION_LIFE: Millis = 7 * DAY;

export const login = route({
  method: 'POST',
  path: '/api/login',
  access: 'anyone',
  doc: {
    id: 'login',
    tag: 'access',
    summary: 'Show a key, and get a cookie instead',
    description:
      'For pages: the cookie is `HttpOnly` and `SameSite=Strict`, and lives for 7 days or until the key ends. Programs send ' +
      'their key with each request. After 10 wrong keys an address may try one every 6 seconds, and after 30 logins log in ' +
      'once a minute. Of more than 100 sessions of a key the oldest end.',
    responses: {
      200: { description: 'The session. `Set-Cookie` has its token.', schema: loginView, headers: ['Set-Cookie'] },
    },
    errors: ['invalid_request', 'unauthorized'],
  },
  body: { schemas: [loginBody], required: true },
  handle: async (request) => {
    const { app, address, body } = request;
    // Those that are told to wait are not recorded: they may be many.
    const found = await app.checkKey(validate(loginBody, body).key, address);
    if (found === null) throw failed(request);
    const { key } = found;
    app.logins.take(clientOf(address));
    const now = await app.store.now();
    const expiresAt = Math.min(now + SESSION_LIFE, key.expiresAt ?? Infinity);
    const token = newSessionToken();
    const opened = await app.store.openSession({ hash: hashSecret(token), key: key.id, expiresAt });
    if (opened === 'no_key') throw failed(request);
    const { name, role } = key;
    app.audit.record({
      who: name,
      kind: 'key',
      keyId: key.id,
      role,
      address,
      action: 'login',
      target: key.id,
      targets: [],
      detail: {},
    });
    const cookie = sessionCookie(token, expiresAt - now, request.cookiePlace());
    return json(200, { name, role, expires_at: toWireTime(expiresAt) } satisfies LoginView, { 'Set-Cookie': cookie });
  },
});

/** @returns what to throw. */
function failed({ app, address }: ApiRequest): Error {
  app.audit.record({ ...NOBODY, address, action: 'login.failed', target: null, targets: [], detail: {} });
  return unauthorized();
}

export const logout = route({
  method: 'POST',
  path: '/api/logout',
  access: 'anyone',
  doc: {
    id: 'logout',
    tag: 'access',
    summary: 'End the session of the cookie',
    responses: {
      200: {
        description: 'Who asks now, without it: nobody, as far as this reply knows.',
        schema: whoamiView,
        headers: ['Set-Cookie'],
      },
    },
    errors: [],
  },
  handle: async ({ app, headers, address, cookiePlace }) => {
    const place = cookiePlace();
    // Whoever asks: with a key beside it, it is the cookie that was to end.
    for (const token of readSessionCookies(headers, place)) {
      const hash = hashSecret(token);
      const found = await app.keys.find({ kind: 'session', hash });
      if (found === null) continue;
      await app.store.closeSession(hash);
      app.keys.forget();
      const { id, name, role } = found.key;
      const who = { who: name, kind: 'session', keyId: id, role } as const;
      app.audit.record({ ...who, address, action: 'logout', target: id, targets: [], detail: {} });
    }
    const cookie = sessionCookie('', 0, place);
    return json(200, whoamiOf(app, null), { 'Set-Cookie': cookie });
  },
});

export const whoami = route({
  method: 'GET',
  path: '/api/whoami',
  access: 'anyone',
  doc: {
    id: 'whoami',
    tag: 'access',
    summary: 'Who asks, and what he may do',
    responses: { 200: { description: 'That.', schema: whoamiView } },
    errors: [],
  },
  handle: async ({ app, caller }) => json(200, whoamiOf(app, caller)),
});

function whoamiOf({ auth, readOnly }: App, caller: Caller | null): WhoamiView {
  const { name = null, role = null, kind = null } = caller ?? {};
  return { name, role, kind, auth_required: auth !== 'none' && kind !== 'local', read_only: readOnly };
}
