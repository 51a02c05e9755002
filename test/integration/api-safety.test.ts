import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { overridden, startApi, type Api } from '../support/api.ts';
import { frame, testWorker } from '../support/api-worker.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { within } from '../support/wait.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({
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

/** Asks again and again. */
async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise(setImmediate);
}

describe('methods and paths', () => {
  it('answer a wrong method with those that are right', async () => {
    expect(await api.fail('PUT', '/api/jobs/x')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, PATCH, DELETE' },
    });
    expect(await api.fail('TRACE', '/api/jobs')).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(await api.fail('POST', '/livez')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
    expect(await api.fail('GET', '/livez?key=x')).toMatchObject({ status: 400 });
  });

  it('a connection is closed after as many requests as it may have', async () => {
    await using few = await startApi({ limits: { requestsPerConnection: 1 } });
    expect((await few.call('GET', '/livez')).headers['connection']).toBe('close');
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
    await using open = await startApi({ auth: 'none' });
    expect(await ask(open.server.port, asNobody)).toEqual(['200', '200', '200']);
  });

  it('are no excuse: many connections at once are all ours', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => raw('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')),
    );
    expect(new Set(answers.map(statusOf))).toEqual(new Set([200]));
  });
});
