import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes/table.ts';
import { overridden, startApi, type Api } from '../support/api.ts';
import { frame, testWorker } from '../support/api-worker.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { within } from '../support/wait.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({
    publicUrl: 'https://jobs.example/',
    limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 },
  });
});
afterAll(() => api[Symbol.asyncDispose]());

/** Sends bytes as they are and reads until the server closes. */
function raw(text: string, port = api.server.port): Promise<string> {
  const answer = new Promise<string>((resolve) => {
    let seen = '';
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(text));
    socket.on('data', (piece) => (seen += piece.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(seen));
  });
  return within(10_000, answer, () => `no end of the answer to ${JSON.stringify(text)}`);
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
const own = { host: 'localhost:8080' };

/** Asks again and again. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise(setImmediate);
}

describe('the Host header', () => {
  it.each([
    'localhost',
    'LOCALHOST:1',
    '127.0.0.1:8080',
    '[::1]:8080',
    '10.1.2.3',
    'machine',
    'machine.:80',
    'jobs.example',
    'Allowed.Example',
  ])('may be %s', async (host) => {
    expect((await api.call('GET', '/api/stats', { headers: { host } })).status).toBe(200);
  });

  it.each([
    'evil.example',
    'localhost.evil.example',
    'localhost:80:80',
    'local host',
    '[::1',
    'evil.example#localhost',
    '@localhost',
    '1.2.3.4.evil',
  ])('may not be %s', async (host) => {
    const answer = await raw(`GET /api/stats HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(statusOf(answer)).toBe(421);
    expect(answer).toContain('"code":"host_not_allowed"');
  });

  it.each(['Host: localhost\r\nHost: localhost\r\n', 'Host: localhost\r\nhOST: evil.example\r\n', ''])(
    'is one: %j',
    async (hosts) => {
      expect(statusOf(await raw(`GET /api/stats HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`))).toBe(400);
    },
  );
});

describe('pages of other sites', () => {
  it.each([
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost:9999' },
    { origin: 'file://' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('may ask for nothing: %j', async (headers) => {
    for (const { method, path } of ROUTES.filter((route) => route.path.startsWith('/api/'))) {
      const problem = await api.fail(method, path.replace(':ref', 'x'), { headers: { ...own, ...headers } });
      expect(problem).toMatchObject({ status: 403, code: 'cross_site' });
    }
  });

  it.each([
    {},
    { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' },
    { origin: 'https://localhost:8080' },
    { origin: 'https://jobs.example' },
    { 'sec-fetch-site': 'none' },
  ])('are told from our own, and from programs: %j', async (headers) => {
    const { status } = await api.call('POST', '/api/jobs', {
      body: { command: 'true' },
      headers: { ...own, ...headers },
    });
    expect(status).toBe(201);
  });

  it('get no leave from anybody', async () => {
    const headers = { ...own, origin: 'http://evil.example', 'access-control-request-method': 'POST' };
    const problem = await api.fail('OPTIONS', '/api/jobs', { headers });
    expect(problem).toMatchObject({ status: 403, code: 'cross_site' });
    const { headers: answered } = await api.call('GET', '/livez', { headers });
    for (const names of [problem.headers, answered].map(Object.keys)) {
      expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});

describe('methods and paths', () => {
  it('are exact: no route answers a path that is nearly its own', async () => {
    for (const { method, path } of ROUTES) {
      const exact = path.replace(/:(ref|name)/, 'x');
      // What can be no queue's name is refused as that.
      const refused = path.includes(':name') ? [400, 404, 405] : [404, 405];
      for (const near of [`${exact}/`, `/${exact}`, `${exact}/livez`, exact.toUpperCase(), `${exact}%2f`]) {
        const { status } = await api.fail(method, near, method === 'GET' ? {} : { body: {} });
        expect(refused, `${method} ${near}`).toContain(status);
      }
    }
  });

  it('answer a wrong method with those that are right', async () => {
    expect(await api.fail('PUT', '/api/jobs/x')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, PATCH, DELETE' },
    });
    expect(await api.fail('TRACE', '/api/jobs')).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(await api.fail('POST', '/livez')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await api.fail('GET', '/livez?key=x')).toMatchObject({ status: 400 });
  });

  it.each(['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/api/../etc/passwd', '/constructor', '/__proto__'])(
    'lead nowhere: %s',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(statusOf(answer)).toBe(404);
    },
  );

  it.each([
    'GET http://evil.example/api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    'GET /api/jobs HTTP/1.1\nHost: localhost\n\n',
    'GET /api/jobs#x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    'GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nExpect: foo\r\nConnection: close\r\n\r\n',
    'nonsense\r\n\r\n',
  ])('are those of plain HTTP/1.1: %j', async (request) => {
    const answer = await raw(request);
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('X-Content-Type-Options: nosniff');
    expect(answer).toContain('Cache-Control: no-store');
    expect(/^X-Request-Id: (\S+)/m.exec(answer)?.[1]).toBe(/"request_id":"(.*?)"/.exec(answer)?.[1]);
  });

  it('a request is answered by its own reply, whatever comes behind it', async () => {
    const body = '{"command":"true","name":"before.garbage"}';
    const head = 'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const answer = await raw(`${head}Content-Length: ${body.length}\r\n\r\n${body}garbage\r\n\r\n`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 201']);
    expect((await api.call('GET', '/api/jobs/before.garbage')).status).toBe(200);
  });

  it('a connection is closed after as many requests as it may have', async () => {
    await using few = await startApi({ limits: { requestsPerConnection: 1 } });
    expect((await few.call('GET', '/livez')).headers['connection']).toBe('close');
  });

  it('CONNECT gets no answer at all', async () => {
    expect(await raw('CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toBe('');
  });
});

describe('too much, too slow', () => {
  it('headers beyond 16 KiB', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(statusOf(answer)).toBe(431);
  });

  it('headers and bodies that do not come', async () => {
    const [headers, body] = await Promise.all([
      raw('GET / HTTP/1.1\r\nHost: local'),
      raw(
        'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
      ),
    ]);
    expect([statusOf(headers), statusOf(body)]).toEqual([408, 408]);
  });

  it('the rest of a refused body is read for a while, and then no more', async () => {
    await using brief = await startApi({ limits: { bulkBodyBytes: 10, lingerMs: 50 } });
    const head = 'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const answer = await raw(`${head}Content-Length: 1000\r\n\r\n{"command":`, brief.server.port);
    expect(statusOf(answer)).toBe(413);
    expect(answer).toContain('Connection: close');
    expect(answer).toContain('"code":"body_too_large"');
  });

  it('a body whose sender asks first is refused before it is sent', async () => {
    const head =
      'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n';
    const answer = await raw(`${head}Content-Length: 1000000000\r\n\r\n`);
    expect(statusOf(answer)).toBe(413);
    const good = await raw(`${head}Connection: close\r\nContent-Length: 18\r\n\r\n{"command":"true"}`);
    expect(good).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
  });
});

describe('bodies', () => {
  const jsonHeaders = { 'content-type': 'application/json' };

  it('are held to 64 MiB in all, and small ones are let in all the same', async () => {
    await using small = await startApi({ limits: { bodiesBytes: 300_000 } });
    const half = 'x'.repeat(300_000);
    const head = `POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
    const held = createConnection({ host: '127.0.0.1', port: small.server.port });
    held.write(`${head}Content-Length: 999999\r\n\r\n"${half}`);
    const raw = JSON.stringify({ command: 'true', description: 'x'.repeat(200_000) });
    const send = (): Promise<{ readonly status: number }> =>
      small.call('POST', '/api/jobs', { raw, headers: jsonHeaders });
    const refused = async (): Promise<boolean> => (await send()).status === 429;
    await within(5_000, until(refused), () => 'nothing was refused');
    expect((await small.call('POST', '/api/jobs', { body: { command: 'true' } })).status).toBe(201);
    held.destroy();
    await within(
      5_000,
      until(async () => !(await refused())),
      () => 'nothing was given back',
    );
  });

  it('are nested 64 deep at most', async () => {
    const nested = (depth: number): string => `${'['.repeat(depth)}"[\\"["${']'.repeat(depth)}`;
    const send = (raw: string): ReturnType<Api['fail']> => api.fail('POST', '/api/jobs', { raw, headers: jsonHeaders });
    expect((await send(nested(64))).detail).toBe('body must be an object: a job');
    expect((await send(nested(65))).detail).toBe('the body is nested more than 64 deep');
  });

  it('are not for every route', async () => {
    const { body: job } = await api.call<{ id: string }>('POST', '/api/jobs', {
      body: { command: 'true', schedule: '@daily' },
    });
    const pause = `/api/jobs/${job.id}/pause`;
    expect((await api.call('POST', pause, { body: {} })).status).toBe(200);
    expect(await api.fail('POST', pause, { body: { x: 1 } })).toMatchObject({ status: 400 });
    expect(await api.fail('POST', pause, { body: [] })).toMatchObject({ status: 400 });
    const form = { raw: 'x=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    expect(await api.fail('POST', pause, form)).toMatchObject({ status: 415 });
    expect(await api.fail('DELETE', `/api/jobs/${job.id}`, { body: { force: true } })).toMatchObject({ status: 400 });
    expect(await api.fail('GET', '/api/jobs', { body: {} })).toMatchObject({ status: 400 });
  });
});

describe('a client that does not read', () => {
  it('what it follows is dropped', async () => {
    await using impatient = await startApi({ limits: { stuckTimeoutMs: 50, streams: 1 } });
    const worker = testWorker(impatient.store);
    const { body: job } = await impatient.call<{ id: string }>('POST', '/api/jobs', {
      body: { command: 'true', output_limit_bytes: 64 * 2 ** 20 },
    });
    const held = await worker.claimed();
    const block = Buffer.alloc(2 ** 20, 'x');
    for (let offset = 0; offset < 16 * 2 ** 20; offset += block.length) await worker.append(held, offset, frame(block));
    const path = `/api/runs/${job.id}.1/output?follow`;
    const socket = createConnection({ host: '127.0.0.1', port: impatient.server.port });
    socket.on('error', () => undefined).write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await once(socket, 'data');
    socket.pause();
    const hasPlace = async (): Promise<boolean> => {
      const { statusCode, body } = await impatient.open(path);
      body.on('error', () => undefined).destroy();
      return statusCode === 200;
    };
    await within(10_000, until(hasPlace), () => 'it was not dropped');
    socket.destroy();
  });

  it('what it asked for is dropped', async () => {
    await using impatient = await startApi({ limits: { stuckTimeoutMs: 50, connections: 1 } });
    // More than the buffers of a connection hold.
    const large = onceDefinition({ command: 'x'.repeat(2 ** 16) });
    await impatient.store.createJobs(
      Array.from({ length: 200 }, () => newJob(large)),
      null,
    );
    const { port } = impatient.server;
    const socket = createConnection({ host: '127.0.0.1', port });
    const ask = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    socket.on('error', () => undefined).write(ask('/api/jobs?limit=200'));
    await once(socket, 'data');
    socket.pause();
    const hasPlace = async (): Promise<boolean> => statusOf(await raw(ask('/livez'), port)) === 200;
    await within(10_000, until(hasPlace), () => 'it was not dropped');
    socket.destroy();
  });
});

describe('a bug', () => {
  it('is told as one, with its stack in the log and nowhere else', async () => {
    await using broken = await startApi({
      wrapStore: (store) => overridden(store, { workers: () => Promise.reject(new Error('secret')) }),
    });
    const problem = await broken.fail('GET', '/api/workers');
    expect(problem).toMatchObject({ status: 500, code: 'internal' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    const line = broken.log.find((each) => each.includes(problem.request_id)) ?? '';
    expect(JSON.parse(line)).toMatchObject({ err: { message: 'secret' } });
  });
});

describe('other users of the machine', () => {
  const client = `
    const { get } = require('node:http');
    for (const host of process.argv.slice(1))
      get({ host, port: PORT, path: '/api/stats' }, (response) => {
        console.log(response.statusCode);
        response.resume();
      }).on('error', (error) => console.log(error.code));
  `;
  const ask = async (port: number, user: readonly string[]): Promise<string[]> => {
    const source = client.replace('PORT', String(port));
    const [program, ...args]: string[] = [
      ...user,
      process.execPath,
      '-e',
      source,
      '--',
      '127.0.0.1',
      '::1',
      '::ffff:127.0.0.1',
    ];
    const { stdout } = await promisify(execFile)(program ?? '', args);
    return stdout.trim().split('\n');
  };
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];

  it('are told from our own', async () => {
    expect(await ask(api.server.port, [])).toEqual(['200', '200', '200']);
  });

  it.runIf(process.getuid?.() === 0)('are refused', async () => {
    expect(await ask(api.server.port, asNobody)).toEqual(['403', '403', '403']);
  });

  it.runIf(process.getuid?.() === 0)('are let in where everybody is', async () => {
    await using open = await startApi({ localUser: null });
    expect(await ask(open.server.port, asNobody)).toEqual(['200', '200', '200']);
  });

  it('are no excuse: many connections at once are all ours', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => raw('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')),
    );
    expect(new Set(answers.map(statusOf))).toEqual(new Set([200]));
  });
});
