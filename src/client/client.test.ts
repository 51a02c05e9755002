import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createClient, JobschedError, type Client } from './client.ts';
import { breakOff, fakeServer, json, stream, type Answer } from '../../test/support/fake-server.ts';

/** A client of a server that gives these answers. */
async function facing(...answers: readonly [Answer, ...Answer[]]) {
  const server = await fakeServer(...answers);
  const client = createClient({ server: server.url, timeoutMs: 5_000 });
  return {
    client,
    ...server,
    [Symbol.asyncDispose]: async () => {
      await client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function failure(work: Promise<unknown>): Promise<JobschedError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (error instanceof JobschedError) return error;
  throw new Error('expected a JobschedError', { cause: error });
}

const later =
  (code: string, status = 503): Answer =>
  (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '0' })
      .end(JSON.stringify({ code, detail: 'not now' }));

const me = json({ name: 'me', role: 'admin', kind: 'key', auth_required: true, read_only: false });

describe('what is sent again after a lost connection', () => {
  test('a GET, once', async () => {
    await using once = await facing(breakOff, json({ id: 'x' }));
    expect(await once.client.jobs.get('x')).toEqual({ id: 'x' });
    await using twice = await facing(breakOff);
    expect((await failure(twice.client.jobs.get('x'))).code).toBe('server_unreachable');
    expect(twice.seen).toHaveLength(2);
  });

  test('a create, with the same idempotency key', async () => {
    await using server = await facing(breakOff, breakOff, json({ id: 'x' }, 201));
    await server.client.jobs.create({ command: 'date' });
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(keys).size).toBe(1);
    expect(server.seen.at(-1)?.body).toBe('{"command":"date"}');
  });

  test.each<[string, (client: Client) => Promise<unknown>]>([
    ['a run by hand', (client) => client.jobs.run('nightly', { force: true })],
    ['a run again', (client) => client.runs.retry('nightly#1', { force: true })],
  ])('%s, with the same idempotency key', async (_, make) => {
    await using server = await facing(breakOff, json({ id: 'x.2' }, 201));
    expect(await make(server.client)).toEqual({ id: 'x.2' });
    const [first, second, ...more] = server.seen;
    expect(more).toEqual([]);
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.body).toBe('{"force":true}');
  });

  test('each request of a bulk action, with a key of its own, and each goes on where the one before ended', async () => {
    const outcome = { action: 'run', dry_run: false, matched: 2, done: 2, refused: [] };
    await using server = await facing(
      json({ ...outcome, more: true, next_cursor: 'j1.5' }),
      breakOff,
      json({ ...outcome, more: false, next_cursor: null }),
    );
    const steps = await Array.fromAsync(server.client.jobs.bulk({ action: 'run', filter: { tag: 'a' } }));
    expect(steps.map(({ done }) => done)).toEqual([2, 2]);
    const keys = server.seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[1]).not.toBe(keys[0]);
    expect(keys[2]).toBe(keys[1]);
    expect(JSON.parse(server.seen.at(-1)?.body ?? '')).toEqual({ action: 'run', filter: { tag: 'a' }, cursor: 'j1.5' });
  });

  test('the revoking of a key, which is done when it is not there any more', async () => {
    const gone = json({ code: 'not_found', detail: 'there is no key' }, 404);
    await using server = await facing(me, breakOff, gone);
    expect(await server.client.keys.revoke('ci')).toBeUndefined();
    expect(server.seen.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'DELETE']);
    await using other = await facing(me, gone);
    expect((await failure(other.client.keys.revoke('ci'))).code).toBe('not_found');
  });

  test.each(['engine_unavailable', 'not_replicated'])(
    'the revoking of a key that %s may have done, which is done when it is not there any more',
    async (code) => {
      await using server = await facing(me, later(code), json({ code: 'not_found', detail: 'there is no key' }, 404));
      expect(await server.client.keys.revoke('ci')).toBeUndefined();
    },
  );

  test("the revoking of one's own key, which is done when it is not valid any more", async () => {
    const invalid = json({ code: 'unauthorized', detail: 'the key is not valid' }, 401);
    for (const lost of [breakOff, later('engine_unavailable')]) {
      await using own = await facing(me, lost, invalid);
      expect(await own.client.keys.revoke('me')).toBeUndefined();
      // Of another's nobody knows.
      await using others = await facing(me, lost, invalid);
      expect((await failure(others.client.keys.revoke('ci'))).code).toBe('unauthorized');
    }
    await using refused = await facing(me, invalid);
    expect((await failure(refused.client.keys.revoke('me'))).code).toBe('unauthorized');
  });

  test('nothing that would be done twice', async () => {
    await using server = await facing(breakOff);
    expect((await failure(server.client.jobs.update('nightly', { priority: 3 }))).code).toBe('server_unreachable');
    expect(server.seen).toHaveLength(1);
  });

  test('nothing that the server has refused', async () => {
    await using server = await facing(json({ code: 'engine_full', detail: 'full' }, 507));
    expect((await failure(server.client.jobs.create({ command: 'date' }))).code).toBe('engine_full');
    expect(server.seen).toHaveLength(1);
  });
});

describe('a server that says when to come again', () => {
  test.each<[string, Answer, (client: Client) => Promise<unknown>]>([
    ['a GET', later('engine_unavailable'), (client) => client.stats()],
    ['a create', later('too_many_requests', 429), (client) => client.jobs.create({ command: 'date' })],
    ['a run by hand', later('not_replicated'), (client) => client.jobs.run('nightly')],
  ])('is asked again: %s', async (_, refusal, call) => {
    await using server = await facing(refusal, refusal, json({ id: 'x' }));
    expect(await call(server.client)).toEqual({ id: 'x' });
    expect(new Set(server.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(server.seen).toHaveLength(3);
  });

  test('is not asked for longer than the caller waits', async () => {
    await using server = await fakeServer(later('engine_unavailable'));
    const client = createClient({ server: server.url, waitMs: 250 });
    expect(await failure(client.stats())).toMatchObject({ code: 'engine_unavailable', message: 'not now' });
    expect(server.seen).toHaveLength(4);
    await client.close();
  });

  test.each<[string, Answer, (client: Client) => Promise<unknown>]>([
    ['what may not be sent twice', later('shutting_down'), (client) => client.jobs.update('x', { priority: 1 })],
    ['what no waiting mends', later('data_newer'), (client) => client.stats()],
  ])('is asked once: %s', async (_, refusal, call) => {
    await using server = await facing(refusal);
    await failure(call(server.client));
    expect(server.seen).toHaveLength(1);
  });
});

describe('a client with a signal', () => {
  test('ends what waits for an answer, or for its turn, and nothing else', async () => {
    const silent: Answer = () => undefined;
    await using server = await facing(silent, json({ id: 'x' }));
    const abort = new AbortController();
    const reason = new Error('enough');
    const bound = server.client.with({ signal: abort.signal });
    const call = bound.stats();
    abort.abort(reason);
    await expect(call).rejects.toThrow('enough');
    await expect(bound.jobs.get('x')).rejects.toThrow('enough');
    expect(server.client.jobs).not.toBe(bound.jobs);
  });
});

test('a part that is not ready is an answer', async () => {
  const view = { status: 'not_ready', parts: [] };
  await using server = await facing(json(view, 503));
  expect(await server.client.ready()).toEqual(view);
});

test('a search in the output goes on until its end', async () => {
  const line = { n: 3, stream: 'stdout', time: '2030-01-01T00:00:00.000Z', text: 'an error', dropped: null };
  await using server = await facing(
    json({ attempt: 1, matches: [], next: '9@800' }),
    json({ attempt: 1, matches: [line], next: null }),
  );
  expect(await Array.fromAsync(server.client.runs.search('nightly#1', 'error', { ignore_case: true }))).toEqual([line]);
  const path = '/api/runs/nightly%231/output/search';
  expect(server.seen.map(({ url }) => url)).toEqual([
    `${path}?ignore_case=true&q=error`,
    `${path}?ignore_case=true&q=error&from=9%40800`,
  ]);
});

describe('errors', () => {
  test('a problem is the error that it was on the server', async () => {
    const problem = { code: 'invalid_schedule', detail: 'no such month', hint: '1 to 12', field: 'schedule' };
    await using server = await facing(json(problem, 400));
    expect(await failure(server.client.jobs.create({ command: 'date' }))).toMatchObject({
      code: 'invalid_schedule',
      message: 'no such month',
      hint: '1 to 12',
      field: 'schedule',
    });
  });

  test.each([
    [404, 'not_found'],
    [418, 'invalid_request'],
    [503, 'server_error'],
  ])('a code of a newer server is told by its status %d', async (status, code) => {
    await using server = await facing(json({ code: 'from_the_future', detail: 'new' }, status));
    expect(await failure(server.client.stats())).toMatchObject({ code, message: 'new' });
  });

  test.each([200, 404, 502])('something else listens there, and answers %d', async (status) => {
    await using server = await facing((response) => void response.writeHead(status).end('<h1>hi</h1>'));
    const error = await failure(server.client.stats());
    expect(error.code).toBe('server_error');
    expect(error.message).toBe(`${server.url} answered ${status}, but not as jobsched does`);
  });

  test('nobody listens: where, why, and what to do', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const client = createClient({ server: `http://user:secret@127.0.0.1:${port}` });
    const error = await failure(client.jobs.get('x'));
    expect(error.code).toBe('server_unreachable');
    expect(error.message).toBe(
      `cannot reach the server at http://127.0.0.1:${port}: nothing listens there (ECONNREFUSED)`,
    );
    expect(error.hint).toContain('jobsched standalone');
    expect(error.hint).toContain('--server');
    await client.close();
  });

  test('a server that does not answer in time', async () => {
    await using server = await fakeServer(() => undefined);
    const client = createClient({ server: server.url, timeoutMs: 50 });
    expect((await failure(client.stats())).code).toBe('timed_out');
    await client.close();
  });
});

describe('requests', () => {
  const call = async (use: (client: Client) => Promise<unknown>): Promise<string> => {
    await using server = await facing(json({ runs: [], next_cursor: null }));
    await use(server.client);
    const [request] = server.seen;
    return [request?.method, request?.url, request?.body].join(' ').trim();
  };

  test.each<[string, (client: Client) => Promise<unknown>]>([
    ['GET /api/jobs/a%2F..%2Fb', (client) => client.jobs.get('a/../b')],
    ['GET /api/runs/nightly%2342', (client) => client.runs.get('nightly#42')],
    ['GET /api/jobs?status=failed%2Crunning&limit=2', (c) => c.jobs.list({ status: ['failed', 'running'], limit: 2 })],
    ['DELETE /api/jobs/x?force=true', (client) => client.jobs.delete('x', { force: true })],
    ['DELETE /api/jobs/x?force=false', (client) => client.jobs.delete('x', { force: false })],
    ['POST /api/jobs/x/run {"force":true}', (client) => client.jobs.run('x', { force: true })],
    ['POST /api/jobs/x/cancel {}', (client) => client.jobs.cancel('x')],
  ])('%s', async (line, use) => expect(await call(use)).toBe(line));

  test('cancel all runs of a job, a request at a time', async () => {
    await using server = await facing(
      json({ count: 10_000, more: true, next_cursor: '7', runs: [{ id: 'x.3' }] }),
      json({ count: 2, more: false, next_cursor: null, runs: [] }),
    );
    const all = { count: 10_002, more: false, next_cursor: null, runs: [{ id: 'x.3' }] };
    expect(await server.client.jobs.cancel('x')).toEqual(all);
    expect(server.seen.map(({ body }) => body)).toEqual(['{}', '{"cursor":"7"}']);
  });

  test('a server below a path', async () => {
    await using server = await fakeServer(json({}));
    const client = createClient({ server: `${server.url}/scheduler/` });
    await client.stats();
    await client.close();
    expect(server.seen[0]?.url).toBe('/scheduler/api/stats');
  });

  test('an edit may name the version it is of', async () => {
    await using server = await facing(json({}));
    await server.client.jobs.update('x', { priority: 3 }, 7);
    expect(server.seen[0]).toMatchObject({ method: 'PATCH', body: '{"priority":3}' });
    expect(server.seen[0]?.headers['if-match']).toBe('"7"');
  });
});

test('all pages of a list, and none that nobody asks for', async () => {
  await using server = await facing(
    json({ jobs: [{ id: 'a' }, { id: 'b' }], next_cursor: 'on' }),
    json({ jobs: [], next_cursor: 'further' }),
    json({ jobs: [{ id: 'c' }], next_cursor: null }),
  );
  const ids: string[] = [];
  for await (const job of server.client.jobs.all({ limit: 2 })) ids.push(job.id);
  expect(ids).toEqual(['a', 'b', 'c']);
  expect(server.seen.map(({ url }) => url)).toEqual([
    '/api/jobs?limit=2',
    '/api/jobs?limit=2&cursor=on',
    '/api/jobs?limit=2&cursor=further',
  ]);
});

test('leaving a stream lets its connection go', async () => {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  await using server = await facing((response) => {
    response.on('close', resolve);
    stream('one\n', 'stay')(response, { method: '', url: '', headers: {}, body: '' });
  });
  for await (const bytes of server.client.runs.output('x#1')) {
    expect(bytes.toString()).toBe('one\n');
    break;
  }
  await gone;
});
