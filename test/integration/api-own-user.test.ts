/** The machine's own user, who needs no key, and the commands that ask as that one. */
import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/domain/role.ts';
import { JobschedError } from '../../src/errors.ts';
import type { NewKeyView } from '../../src/http/schema/access.ts';
import { bearer, makeKey } from '../support/access.ts';
import { overridden, startApi, type ApiOptions } from '../support/api.ts';

/** Its own time passes fast, so that nothing is known for long. */
function quickClock(): NonNullable<ApiOptions['clock']> {
  let ms = 0;
  return { now: () => Date.now(), monotonic: () => (ms += 10_000) };
}

describe("the machine's own user", () => {
  it('is let in without a key; with --auth keys only until there is one', async () => {
    await using local = await startApi();
    await makeKey(local.store, 'ci', 'viewer');
    expect((await local.call('GET', '/api/jobs')).status).toBe(200);
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    expect((await local.call('GET', '/api/jobs', { headers: proxied })).status).toBe(401);

    await using keyed = await startApi({ auth: 'keys', clock: quickClock() });
    const { body } = await keyed.call<NewKeyView>('POST', '/api/keys', { body: { name: 'first', role: 'admin' } });
    expect((await keyed.call('GET', '/api/keys')).status).toBe(401);
    expect((await keyed.call('GET', '/api/keys', { headers: bearer(body.key) })).status).toBe(200);
  });
});

describe('a command, which asks as the own user', () => {
  it('makes no admin of who submitted it: from the first key on, which is one of role admin, it is an operator', async () => {
    await using local = await startApi();
    const post = (name: string, role: Role, headers = {}): ReturnType<typeof local.call<NewKeyView>> =>
      local.call('POST', '/api/keys', { body: { name, role }, headers });
    expect(await post('ci', 'operator')).toMatchObject({ status: 400, body: { field: 'role' } });
    const { status, body: boss } = await post('boss', 'admin');
    expect(status).toBe(201);
    const admin = bearer(boss.key);
    expect((await post('ci', 'operator', admin)).status).toBe(201);

    for (const path of ['/api/keys', '/api/audit']) {
      const problem = await local.fail('GET', path);
      expect(problem).toMatchObject({
        status: 403,
        code: 'forbidden',
        hint: expect.stringContaining('--key-file') as string,
      });
      expect((await local.call('GET', path, { headers: admin })).status).toBe(200);
    }
    expect(await post('mine', 'admin')).toMatchObject({ status: 403 });
    expect(await local.fail('DELETE', '/api/keys/boss')).toMatchObject({ status: 403 });
    expect((await local.call('GET', '/api/whoami')).body).toMatchObject({ name: 'local', role: 'operator' });
    expect((await local.call('POST', '/api/jobs', { body: { command: 'true' } })).status).toBe(201);
  });

  it('and an admin stays, as long as there are others', async () => {
    await using local = await startApi({ clock: quickClock() });
    const admin = { headers: bearer(await makeKey(local.store, 'boss', 'admin')) };
    await makeKey(local.store, 'old', 'admin', 1);
    await makeKey(local.store, 'ci', 'operator');
    const revoke = async (name: string): Promise<number> =>
      (await local.call('DELETE', `/api/keys/${name}`, admin)).status;
    expect(await revoke('boss')).toBe(400);
    expect(await revoke('old')).toBe(204);
    expect(await revoke('ci')).toBe(204);
    expect(await revoke('boss')).toBe(204);
    expect((await local.call('GET', '/api/keys')).status).toBe(200);
  });

  it('goes on while nobody can tell whether there is such a key, and what takes one waits', async () => {
    const away = new JobschedError('engine_unavailable', 'away');
    await using local = await startApi({
      wrapStore: (store) => overridden(store, { keys: () => Promise.reject(away) }),
    });
    expect((await local.call('GET', '/api/jobs')).status).toBe(200);
    expect(await local.fail('GET', '/api/audit')).toMatchObject({ status: 503, code: 'engine_unavailable' });
  });
});
