/** Who may do what: every route with every kind of caller; keys, sessions, `--read-only`, the audit log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { includesRole, type Role } from '../../src/domain/role.ts';
import type { AuditList, KeyList, NewKeyView, WhoamiView } from '../../src/http/schema/access.ts';
import type { JobView, VersionList } from '../../src/http/schema/job-view.ts';
import type { Route } from '../../src/http/routes/route.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { bearer, cookieOf, makeKey } from '../support/access.ts';
import { overridden, startApi, type Api, type ApiOptions } from '../support/api.ts';

/** Its own time passes fast, so that nobody is told to wait, and nothing is known for long. */
function quickClock(): NonNullable<ApiOptions['clock']> {
  let ms = 0;
  return { now: () => Date.now(), monotonic: () => (ms += 10_000) };
}

const browser = { origin: 'http://localhost', host: 'localhost' };

let api: Api;
const secrets: Record<Role, string> = { viewer: '', operator: '', admin: '' };
beforeAll(async () => {
  api = await startApi({ auth: 'keys', clock: quickClock() });
  for (const role of ['admin', 'operator', 'viewer'] as const) secrets[role] = await makeKey(api.store, role, role);
});
afterAll(() => api[Symbol.asyncDispose]());

async function loggedIn(secret: string): Promise<{ readonly cookie: string; readonly origin: string }> {
  const { headers } = await api.call('POST', '/api/login', { body: { key: secret }, headers: browser });
  return { ...cookieOf(headers), ...browser };
}

/** What a route answers to somebody, by its status alone. */
async function statusOf({ method, path }: Route, headers: Readonly<Record<string, string>>): Promise<number> {
  const exact = path.replace(/:\w+/, 'x');
  // Of a stream the head is enough.
  const asked = method === 'GET' ? 'HEAD' : method;
  const body = method === 'GET' ? {} : { body: {} };
  return (await api.call(asked, exact, { ...body, headers })).status;
}

function expected({ access }: Route, role: Role | null): readonly number[] | 'let in' {
  if (access === 'anyone') return 'let in';
  if (role === null) return [401];
  return includesRole(role, access) ? 'let in' : [403];
}

describe('every route', () => {
  it.each([
    ['no key', null, async () => ({})],
    ['a wrong key', null, async () => bearer(`jsk_${'A'.repeat(43)}`)],
    ['what is no key', null, async () => bearer('x')],
    ['an empty key', null, async () => ({ authorization: 'Bearer ' })],
    ['a password', null, async () => ({ authorization: 'Basic YWRtaW46YWRtaW4=' })],
    ['an expired key', null, async () => bearer(await makeKey(api.store, 'expired', 'admin', 1))],
    [
      'a revoked key',
      null,
      async () => {
        const secret = await makeKey(api.store, 'revoked', 'admin');
        await api.call('DELETE', '/api/keys/revoked', { headers: bearer(secrets.admin) });
        return bearer(secret);
      },
    ],
    ['a cookie of nobody', null, async () => ({ cookie: `jobsched=jss_${'A'.repeat(43)}`, ...browser })],
    ['a key for a cookie', null, async () => ({ cookie: `jobsched=${secrets.admin}`, ...browser })],
    [
      'the cookie of an ended session',
      null,
      async () => {
        const session = await loggedIn(secrets.admin);
        await api.call('POST', '/api/logout', { headers: session });
        return session;
      },
    ],
    ['a viewer', 'viewer', async () => bearer(secrets.viewer)],
    ['an operator', 'operator', async () => bearer(secrets.operator)],
    ['an admin', 'admin', async () => bearer(secrets.admin)],
    ['the page of a viewer', 'viewer', async () => loggedIn(secrets.viewer)],
    ['the page of an operator', 'operator', async () => loggedIn(secrets.operator)],
    ['the page of an admin', 'admin', async () => loggedIn(secrets.admin)],
  ] as const)('knows %s', async (_, role, headersOf) => {
    const headers = await headersOf();
    // Whoever logs out is nobody from then on.
    const routes = ROUTES.toSorted(
      (one, other) => Number(one.path === '/api/logout') - Number(other.path === '/api/logout'),
    );
    for (const route of routes) {
      const status = await statusOf(route, headers);
      const wanted = expected(route, role);
      const what = `${route.method} ${route.path}`;
      if (wanted === 'let in') expect([401, 403], what).not.toContain(status);
      else expect(wanted, what).toContain(status);
    }
  });

  it('is asked for by a key in the header alone, and is there for nobody under another name', async () => {
    for (const path of [
      `/api/jobs?key=${secrets.admin}`,
      `/api/jobs?access_token=${secrets.admin}`,
      '/api/jobs/x/livez',
      '/api/nothing',
      '/api/',
    ]) {
      expect((await api.call('GET', path)).status, path).toBe(401);
    }
    // Nor does it tell which methods a path takes.
    for (const path of ['/api/jobs', '/api/jobs/x', '/api/keys', '/metrics']) {
      const { status, headers } = await api.fail('PUT', path);
      expect([status, headers['allow']], path).toEqual([401, undefined]);
    }
    expect((await api.call('PUT', '/api/login')).status).toBe(405);
    expect((await api.call('PUT', '/api/keys', { headers: bearer(secrets.viewer) })).status).toBe(405);
  });

  it('says the same whatever is wrong with the key, and how to ask', async () => {
    const told = async (headers: Record<string, string>): Promise<object> => {
      const { request_id: _, headers: answered, ...problem } = await api.fail('GET', '/api/jobs', { headers });
      return { ...problem, asks: answered['www-authenticate'] };
    };
    const none = await told({});
    expect(none).toMatchObject({ status: 401, code: 'unauthorized', asks: 'Bearer realm="jobsched"' });
    expect(await told(bearer('x'))).toEqual(none);
    expect(await told(bearer(await makeKey(api.store, 'old', 'admin', 1)))).toEqual(none);
  });
});

describe('values in env, and standard input', () => {
  it('are shown to operators, and their names to viewers', async () => {
    const canary = 'canary-of-the-environment';
    const { body: job } = await api.call<JobView>('POST', '/api/jobs', {
      body: {
        command: 'true',
        schedule: '@hourly',
        name: 'secretive',
        env: { TOKEN: canary, __proto: canary },
        stdin: canary,
      },
      headers: bearer(secrets.operator),
    });
    expect(job.env['TOKEN']).toBe(canary);
    const asViewer = { headers: bearer(secrets.viewer) };
    const { body } = await api.call<JobView>('GET', '/api/jobs/secretive', asViewer);
    expect(body).toMatchObject({ env: { TOKEN: '***', __proto: '***' }, stdin: '***' });
    const versions = await api.call<VersionList>('GET', '/api/jobs/secretive/versions', asViewer);
    expect(versions.body.versions[0]).toMatchObject({ env: { TOKEN: '***' }, stdin: '***' });
    for (const { method, path } of ROUTES.filter(({ path: of }) => of !== '/api/events')) {
      if (method !== 'GET') continue;
      const { text } = await api.call('GET', path.replace(':ref', 'secretive'), asViewer);
      expect(text, path).not.toContain(canary);
    }
    expect((await api.call('GET', '/api/jobs', { headers: bearer(secrets.operator) })).text).toContain(canary);
  });
});

describe('a key', () => {
  it('is made once, listed without its secret, and told when it was used', async () => {
    const admin = { headers: bearer(secrets.admin) };
    const expires = '2099-01-01T00:00:00.000Z';
    const { status, body: made } = await api.call<NewKeyView>('POST', '/api/keys', {
      body: { name: 'ci', role: 'viewer', expires_at: expires },
      ...admin,
    });
    expect(status).toBe(201);
    expect(made).toMatchObject({ name: 'ci', role: 'viewer', expires_at: expires, last_used_at: null });
    expect(made.key).toMatch(/^jsk_[\w-]{43}$/);
    expect(await api.call('GET', '/api/whoami', { headers: bearer(made.key) })).toMatchObject({
      body: { name: 'ci', role: 'viewer', kind: 'key', auth_required: true, read_only: false },
    });
    const { body, text } = await api.call<KeyList>('GET', '/api/keys', admin);
    expect(text).not.toContain(made.key);
    expect(body.keys.find(({ id }) => id === made.id)?.last_used_at).not.toBeNull();
    expect(await api.fail('POST', '/api/keys', { body: { name: 'ci' }, ...admin })).toMatchObject({
      code: 'name_taken',
    });
    expect(
      await api.fail('POST', '/api/keys', { body: { name: 'x', expires_at: '1999-01-01T00:00:00Z' }, ...admin }),
    ).toMatchObject({ code: 'invalid_request', field: 'expires_at' });
    expect((await api.call('DELETE', `/api/keys/${made.id}`, admin)).status).toBe(204);
    expect((await api.call('GET', '/api/jobs', { headers: bearer(made.key) })).status).toBe(401);
  });

  it('that is wrong again and again is told to wait, and a good one is not', async () => {
    let lookups = 0;
    await using slow = await startApi({
      auth: 'keys',
      wrapStore: (store) =>
        overridden(store, {
          findKey: (hash) => {
            lookups += 1;
            return store.findKey(hash);
          },
        }),
    });
    const [good, unseen] = [await makeKey(slow.store, 'good', 'viewer'), await makeKey(slow.store, 'new', 'viewer')];
    expect((await slow.call('GET', '/api/jobs', { headers: bearer(good) })).status).toBe(200);
    const wrong = bearer(`jsk_${'B'.repeat(43)}`);
    for (let each = 0; each < 10; each += 1) {
      expect((await slow.call('GET', '/api/jobs', { headers: wrong })).status).toBe(401);
    }
    expect(await slow.fail('GET', '/api/jobs', { headers: wrong })).toMatchObject({ status: 429 });
    expect(await slow.fail('POST', '/api/login', { body: { key: 'x' } })).toMatchObject({
      status: 429,
      headers: { 'retry-after': expect.stringMatching(/^[1-9]/) as string },
    });
    expect((await slow.call('GET', '/api/jobs', { headers: bearer(good) })).status).toBe(200);
    // What nobody has seen here before waits for those: it might be the next guess, which the store is not asked for.
    const before = lookups;
    for (const headers of [wrong, bearer(unseen)]) {
      expect(await slow.fail('GET', '/api/jobs', { headers })).toMatchObject({ status: 429 });
      expect(await slow.fail('POST', '/api/login', { body: { key: unseen } })).toMatchObject({ status: 429 });
    }
    expect(lookups).toBe(before);
  });

  it('is asked for at the store once in a while, not at each request', async () => {
    let asked = 0;
    await using one = await startApi({
      auth: 'keys',
      wrapStore: (store) =>
        overridden(store, {
          findKey: (hash) => {
            asked += 1;
            return store.findKey(hash);
          },
        }),
    });
    const headers = bearer(await makeKey(one.store, 'ci', 'operator'));
    for (let each = 0; each < 20; each += 1) {
      expect((await one.call('POST', '/api/jobs', { body: { command: 'true' }, headers })).status).toBe(201);
    }
    expect(asked).toBeLessThan(5);
  });
});

describe('what is no key to be taken for another', () => {
  it.each(['local', 'anyone', '11111111-2222-4333-8444-555555555555'])('is none named %s', async (name) => {
    expect(await api.fail('POST', '/api/keys', { body: { name }, headers: bearer(secrets.admin) })).toMatchObject({
      status: 400,
      field: 'name',
    });
  });

  it('is an empty one, where nobody needs a key', async () => {
    await using open = await startApi({ auth: 'local' });
    expect((await open.call('GET', '/api/jobs')).status).toBe(200);
    for (const authorization of ['Bearer', 'Bearer ', 'bearer']) {
      expect((await open.call('GET', '/api/jobs', { headers: { authorization } })).status).toBe(401);
    }
  });

  it('lets nobody in who had none when the last one has expired', async () => {
    await using one = await startApi({ auth: 'keys' });
    expect((await one.call('GET', '/api/jobs')).status).toBe(200);
    await using other = await startApi({ auth: 'keys' });
    await makeKey(other.store, 'old', 'admin', 1);
    expect((await other.call('GET', '/api/jobs')).status).toBe(401);
  });
});

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends', async () => {
    const plain = await api.call('POST', '/api/login', { body: { key: secrets.operator }, headers: browser });
    expect(plain).toMatchObject({ status: 200, body: { name: 'operator', role: 'operator' } });
    expect(plain.headers['set-cookie']).toMatch(
      /^jobsched=jss_[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    await using tls = await startApi({ auth: 'keys', trustedProxies: ['loopback'] });
    await using below = await startApi({ auth: 'keys', publicUrl: 'https://jobs.example/jobs', basePath: '/jobs' });
    const setBy = async (server: Api, path: string, headers: Record<string, string>): Promise<string> => {
      const key = await makeKey(server.store, 'page', 'viewer');
      const { headers: answered } = await server.call('POST', path, { body: { key }, headers });
      return String(answered['set-cookie']);
    };
    expect(await setBy(tls, '/api/login', { ...browser, 'x-forwarded-proto': 'https' })).toMatch(
      /^__Host-jobsched=jss_[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/,
    );
    const cookie = await setBy(below, '/jobs/api/login', { host: 'jobs.example' });
    expect(cookie).toMatch(/^__Secure-jobsched=jss_[^;]+; Path=\/jobs; .*; Secure$/);
    const back = { host: 'jobs.example', ...cookieOf({ 'set-cookie': cookie }) };
    expect((await below.call('GET', '/jobs/api/jobs', { headers: back })).status).toBe(200);
    // The same token, as a page without TLS would have it.
    const stripped = { host: 'localhost', cookie: back.cookie.replace('__Secure-', '') };
    expect((await below.call('GET', '/jobs/api/jobs', { headers: stripped })).status).toBe(200);
  });

  it('is of one port alone, and of several cookies by its name each is looked at', async () => {
    const body = { key: secrets.operator };
    const asked = { ...browser, host: 'localhost:8123' };
    const at8123 = cookieOf(
      (await api.call('POST', '/api/login', { body, headers: { ...asked, origin: 'http://localhost:8123' } })).headers,
    );
    expect(at8123.cookie).toMatch(/^jobsched-8123=jss_/);
    const status = async (cookie: string, host: string): Promise<number> =>
      (await api.call('GET', '/api/jobs', { headers: { cookie, host } })).status;
    expect(await status(at8123.cookie, 'localhost:8123')).toBe(200);
    expect(await status(at8123.cookie, 'localhost:8124')).toBe(401);
    expect(await status(at8123.cookie, 'localhost')).toBe(401);
    const planted = `jobsched-8123=jss_${'A'.repeat(43)}`;
    expect(await status(`${planted}; x=y; jobsched-8123=; ${at8123.cookie}`, 'localhost:8123')).toBe(200);
    expect(await status(`${at8123.cookie}; ${planted}`, '[::1]:8123')).toBe(200);
    expect(await status(Array(50).fill(planted).join('; '), 'localhost:8123')).toBe(401);
  });

  it('changes something only for a page that says whose it is', async () => {
    const session = await loggedIn(secrets.operator);
    const body = { command: 'true' };
    const { origin: _, ...silent } = session;
    expect((await api.call('POST', '/api/jobs', { body, headers: session })).status).toBe(201);
    expect(await api.fail('POST', '/api/jobs', { body, headers: silent })).toMatchObject({ code: 'cross_site' });
    const evil = { ...silent, origin: 'http://evil.example' };
    expect(await api.fail('POST', '/api/jobs', { body, headers: evil })).toMatchObject({ code: 'cross_site' });
    expect((await api.call('GET', '/api/jobs', { headers: silent })).status).toBe(200);
  });

  it('is no key, also while it is known', async () => {
    const session = await loggedIn(secrets.operator);
    expect((await api.call('GET', '/api/jobs', { headers: session })).status).toBe(200);
    const token = session.cookie.slice(session.cookie.indexOf('=') + 1);
    expect((await api.call('GET', '/api/jobs', { headers: bearer(token) })).status).toBe(401);
    expect((await api.call('POST', '/api/login', { body: { key: token }, headers: browser })).status).toBe(401);
  });

  it('ends with its key, also what it watches', async () => {
    await using watched = await startApi({ auth: 'keys' });
    const admin = bearer(await makeKey(watched.store, 'admin', 'admin'));
    const secret = await makeKey(watched.store, 'page', 'viewer');
    const { headers } = await watched.call('POST', '/api/login', { body: { key: secret } });
    const session = cookieOf(headers);
    const events = await watched.open('/api/events', session);
    expect((await watched.call('GET', '/api/jobs', { headers: session })).status).toBe(200);
    await watched.call('DELETE', '/api/keys/page', { headers: admin });
    expect((await watched.call('GET', '/api/jobs', { headers: session })).status).toBe(401);
    await expect(events.body.text()).rejects.toThrow();
  });
});

describe('an Idempotency-Key', () => {
  it('is of who sends it: nobody meets what another one made', async () => {
    await using one = await startApi();
    const [ci, other] = [await makeKey(one.store, 'ci', 'operator'), await makeKey(one.store, 'other', 'operator')];
    const mark = { 'idempotency-key': 'nightly-1' };
    const post = (headers: Record<string, string>, command = 'true'): ReturnType<typeof one.call<JobView>> =>
      one.call('POST', '/api/jobs', {
        body: { command, schedule: '@hourly', overlap: 'allow' },
        headers: { ...headers, ...mark },
      });
    const first = await post(bearer(ci));
    const again = await post(bearer(ci));
    expect([again.body.id, again.headers['idempotency-replayed']]).toEqual([first.body.id, 'true']);
    const theirs = await post(bearer(other), 'false');
    expect([theirs.status, theirs.headers['idempotency-replayed']]).toEqual([201, undefined]);
    const ours = await post({});
    expect(ours.body.id).not.toBe(first.body.id);
    expect(await post(bearer(other))).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('the Idempotency-Key nightly-1 came') as string },
    });
    const run = (headers: Record<string, string>): ReturnType<typeof one.call<{ number: number }>> =>
      one.call('POST', `/api/jobs/${first.body.id}/run`, { headers: { ...headers, ...mark } });
    const runs = [await run(bearer(ci)), await run(bearer(ci)), await run(bearer(other)), await run({})];
    expect(runs.map(({ body }) => body.number)).toEqual([1, 1, 2, 3]);
    // A page that is logged in with a key is that key's as well.
    const session = { ...cookieOf((await one.call('POST', '/api/login', { body: { key: ci } })).headers) };
    const page = { ...session, 'sec-fetch-site': 'same-origin' };
    expect((await run(page)).body.number).toBe(1);
  });
});

describe('whoami', () => {
  it('tells nobody from somebody', async () => {
    const who = async (headers: Record<string, string>): Promise<WhoamiView> =>
      (await api.call<WhoamiView>('GET', '/api/whoami', { headers })).body;
    expect(await who({})).toEqual({ name: null, role: null, kind: null, auth_required: true, read_only: false });
    expect(await who(await loggedIn(secrets.viewer))).toMatchObject({ name: 'viewer', kind: 'session' });
    await using local = await startApi();
    expect((await local.call<WhoamiView>('GET', '/api/whoami')).body).toMatchObject({
      kind: 'local',
      role: 'admin',
      auth_required: false,
    });
    await using open = await startApi({ auth: 'none' });
    const anyone = { kind: 'open', name: 'anyone', auth_required: false };
    expect((await open.call<WhoamiView>('GET', '/api/whoami')).body).toMatchObject(anyone);
    const headers = bearer(await makeKey(open.store, 'ci', 'viewer'));
    expect((await open.call('GET', '/api/whoami', { headers })).body).toMatchObject({
      name: 'ci',
      auth_required: false,
    });
  });
});

describe('--read-only', () => {
  it('refuses every route that changes something, whoever asks', async () => {
    await using shown = await startApi({ readOnly: true });
    expect((await shown.call<WhoamiView>('GET', '/api/whoami')).body.read_only).toBe(true);
    for (const { method, path, action } of ROUTES) {
      if (method === 'GET') continue;
      const { status, body } = await shown.call<{ code?: string }>(method, path.replace(/:\w+/, 'x'), { body: {} });
      if (action === null) expect(status, path).not.toBe(403);
      else expect(body, path).toMatchObject({ code: 'read_only' });
    }
    const preview = { body: { schedule: '@hourly' } };
    expect((await shown.call('POST', '/api/schedules/preview', preview)).status).toBe(200);
  });
});

describe('the audit log', () => {
  it('tells who did what to what, and from where', async () => {
    await using audited = await startApi();
    const secret = await makeKey(audited.store, 'ci', 'operator');
    const admin = { headers: bearer(await makeKey(audited.store, 'boss', 'admin')) };
    const headers = bearer(secret);
    const schedule = { command: 'true', schedule: '@hourly', name: 'nightly', env: { TOKEN: 'canary-env' } };
    const { body: job } = await audited.call<JobView>('POST', '/api/jobs', { body: schedule, headers });
    await audited.call('PATCH', '/api/jobs/nightly', { body: { env: { TOKEN: 'canary-2' } }, headers });
    await audited.call('POST', '/api/jobs/nightly/pause');
    await audited.call('POST', '/api/jobs/nightly/run', { headers: { ...headers, 'idempotency-key': 'k' } });
    await audited.call('POST', '/api/jobs/nightly/run', { headers: { ...headers, 'idempotency-key': 'k' } });
    await audited.fail('POST', '/api/jobs/none/run', { headers });
    await audited.call('POST', '/api/jobs/bulk', { body: { action: 'resume', filter: {}, dry_run: true }, headers });
    await audited.call('POST', '/api/jobs/bulk', { body: { action: 'resume', filter: {} }, headers });
    const many = Array.from({ length: 1_000 }, () => ({ command: 'true' }));
    await audited.call('POST', '/api/jobs', { body: { jobs: many }, headers });
    await audited.fail('POST', '/api/login', { body: { key: 'canary-key' } });
    await audited.call('POST', '/api/login', { body: { key: secret } });
    await audited.call('POST', '/api/keys', { body: { name: 'new' }, ...admin });
    await audited.call('DELETE', '/api/keys/new', admin);
    await audited.call('DELETE', '/api/jobs/nightly?force=true', { headers });
    const { body: log, text } = await audited.call<AuditList>('GET', '/api/audit', admin);
    const told = log.entries.map(({ who, action, target, detail }) => [who, action, target === job.id, detail]);
    expect(told.toReversed()).toEqual([
      ['ci', 'job.create', true, { name: 'nightly' }],
      ['ci', 'job.update', true, { name: 'nightly', version: 2, fields: 'env' }],
      ['local', 'job.pause', true, { name: 'nightly' }],
      ['ci', 'job.run', false, { name: 'nightly' }],
      ['ci', 'job.resume', true, { name: 'nightly', bulk: '{}' }],
      ...Array.from({ length: 10 }, () => ['ci', 'job.create', false, { count: 1_000 }]),
      ['', 'login.failed', false, {}],
      ['ci', 'login', false, {}],
      ['boss', 'key.create', false, { name: 'new', role: 'operator', expires_at: null }],
      ['boss', 'key.revoke', false, { name: 'new', role: 'operator' }],
      ['ci', 'job.delete', true, { name: 'nightly', force: true }],
    ]);
    expect(log.entries.every(({ address }) => address === '127.0.0.1')).toBe(true);
    const { body: known } = await audited.call<KeyList>('GET', '/api/keys', admin);
    const idOf = (of: string): string | undefined => known.keys.find(({ name }) => name === of)?.id;
    const actors: Readonly<Record<string, readonly unknown[]>> = {
      ci: ['key', idOf('ci'), 'operator'],
      boss: ['key', idOf('boss'), 'admin'],
      local: ['local', null, 'operator'],
      '': [null, null, null],
    };
    for (const { who, kind, key_id: key, role } of log.entries) {
      expect([kind, key, role], who).toEqual(actors[who]);
    }
    const lines = audited.log.filter((line) => line.includes('"audit":'));
    expect(lines).toHaveLength(log.entries.length);
    const everything = audited.log.join('') + text;
    for (const canary of ['canary-env', 'canary-2', 'canary-key', secret]) expect(everything).not.toContain(canary);
    const ofJob = await audited.call<AuditList>('GET', `/api/audit?job=${job.id}&limit=2`, admin);
    expect(ofJob.body.entries.map(({ action }) => action)).toEqual(['job.delete', 'job.resume']);
    const next = await audited.call<AuditList>(
      'GET',
      `/api/audit?job=${job.id}&cursor=${ofJob.body.next_cursor}`,
      admin,
    );
    expect(next.body.entries.map(({ action }) => action)).toEqual(['job.run', 'job.pause', 'job.update', 'job.create']);
    const by = await audited.call<AuditList>('GET', '/api/audit?who=boss&action=key.create', admin);
    expect(by.body.entries).toHaveLength(1);
  });

  it('waits for an engine that is away, and holds nobody up', async () => {
    let away = true;
    await using api2 = await startApi({
      wrapStore: (store) =>
        overridden(store, {
          appendAudit: (entries) => (away ? Promise.reject(new Error('away')) : store.appendAudit(entries)),
        }),
    });
    expect((await api2.call('POST', '/api/jobs', { body: { command: 'true' } })).status).toBe(201);
    expect((await api2.call<AuditList>('GET', '/api/audit')).body.entries).toEqual([]);
    away = false;
    expect((await api2.call<AuditList>('GET', '/api/audit')).body.entries).toMatchObject([{ action: 'job.create' }]);
  });
});

describe('the page of metrics', () => {
  it('takes the key of a viewer, or none where it is open', async () => {
    const metrics = { contentType: 'text/plain; version=0.0.4; charset=utf-8', render: async () => 'up 1\n' };
    await using closed = await startApi({ auth: 'keys', metrics });
    const key = await makeKey(closed.store, 'prometheus', 'viewer');
    expect((await closed.call('GET', '/metrics')).status).toBe(401);
    expect(await closed.call('GET', '/metrics', { headers: bearer(key) })).toMatchObject({
      status: 200,
      text: 'up 1\n',
    });
    await using open = await startApi({ auth: 'keys', metrics: { ...metrics, isOpen: true } });
    await makeKey(open.store, 'prometheus', 'viewer');
    expect((await open.call('GET', '/metrics')).status).toBe(200);
    expect((await open.call('GET', '/api/jobs')).status).toBe(401);
  });
});
