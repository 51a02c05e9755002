import { execFile } from 'node:child_process';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../src/http/routes/table.ts';
import { overridden, startApi, type Api } from '../support/api.ts';
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
  ])('may change nothing, and watch nothing: %j', async (headers) => {
    const unsafe = ROUTES.filter(({ method, ownPagesOnly }) => method !== 'GET' || ownPagesOnly);
    for (const { method, path } of unsafe) {
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
    expect(problem).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, POST' } });
    const names = Object.keys((await api.call('GET', '/api/jobs', { headers })).headers);
    expect(names.filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('methods and paths', () => {
  it('are exact: no route answers a path that is nearly its own', async () => {
    for (const { method, path } of ROUTES) {
      const exact = path.replace(':ref', 'x');
      for (const near of [`${exact}/`, `/${exact}`, `${exact}/livez`, exact.toUpperCase(), `${exact}%2f`]) {
        const { status } = await api.fail(method, near);
        expect(status, `${method} ${near}`).toBeLessThan(500);
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
    'GET /api/jobs HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    'GET /api/jobs HTTP/1.1\nHost: localhost\n\n',
    'nonsense\r\n\r\n',
  ])('are those of plain HTTP/1.1: %j', async (request) => {
    const answer = await raw(request);
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain('application/problem+json');
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

  it('a body whose sender asks first is refused before it is sent', async () => {
    const head =
      'POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n';
    const answer = await raw(`${head}Content-Length: 1000000000\r\n\r\n`);
    expect(statusOf(answer)).toBe(413);
    const good = await raw(`${head}Connection: close\r\nContent-Length: 18\r\n\r\n{"command":"true"}`);
    expect(good).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 /);
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
