/** Sessions as they begin and end: how many there may be, and what is told of them. */
import { describe, expect, it } from 'vitest';
import type { AuditList } from '../../src/http/schema/access.ts';
import { bearer, cookieOf, makeKey } from '../support/access.ts';
import { startApi } from '../support/api.ts';

describe('logins', () => {
  it('are so many for each address', async () => {
    let now = 0;
    const clock = { now: () => Date.now(), monotonic: () => now };
    await using one = await startApi({ auth: 'keys', clock, trustedProxies: ['loopback'] });
    const key = await makeKey(one.store, 'page', 'admin');
    const login = async (host = 1): Promise<number> => {
      const headers = { 'x-forwarded-for': `192.0.2.${host}` };
      return (await one.call('POST', '/api/login', { body: { key }, headers })).status;
    };
    for (let each = 0; each < 30; each += 1) expect(await login()).toBe(200);
    expect([await login(), await login(2)]).toEqual([429, 200]);
    const { body } = await one.call<AuditList>('GET', '/api/audit?limit=200', { headers: bearer(key) });
    expect(body.entries).toHaveLength(31);
    now += 60_000;
    expect([await login(), await login()]).toEqual([200, 429]);
  });
});

describe('a logout', () => {
  it('ends the session of the cookie, also beside a key, and is told of', async () => {
    await using one = await startApi({ auth: 'keys' });
    const admin = bearer(await makeKey(one.store, 'boss', 'admin'));
    const key = await makeKey(one.store, 'page', 'viewer');
    const session = cookieOf((await one.call('POST', '/api/login', { body: { key } })).headers);
    const status = async (): Promise<number> => (await one.call('GET', '/api/jobs', { headers: session })).status;
    expect(await status()).toBe(200);
    expect((await one.call('POST', '/api/logout', { headers: { ...session, ...admin } })).status).toBe(200);
    expect(await status()).toBe(401);
    // What is no session any more is none to end.
    expect((await one.call('POST', '/api/logout', { headers: session })).status).toBe(200);
    const { body } = await one.call<AuditList>('GET', '/api/audit', { headers: admin });
    expect(body.entries).toMatchObject([
      { who: 'page', kind: 'session', role: 'viewer', action: 'logout' },
      { who: 'page', kind: 'key', action: 'login' },
    ]);
  });
});
