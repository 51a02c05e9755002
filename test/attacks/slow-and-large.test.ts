/** Clients that hold on to what they got: connections, bodies, replies (Slowloris; CVE-2018-12122), and those that send much. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { JobView } from '../../src/http/schema/job-view.ts';
import { bearer, cookieOf, makeKey } from '../support/access.ts';
import { startApi, type Api } from '../support/api.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { faultyStore, type FaultyStore } from '../support/faulty-store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { mostResident, residentFromNow } from '../support/memory.ts';
import { raw, requestOf, statusOf } from '../support/raw-http.ts';
import { startStandalone } from '../support/standalone.ts';
import { within } from '../support/wait.ts';

const HOST = 'Host: localhost';
const POST = ['POST /api/jobs HTTP/1.1', HOST, 'Content-Type: application/json'];

/** Connections that have sent this, and are neither read nor closed until the test ends. */
async function hold(port: number, count: number, bytes: string): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1' }));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.write(bytes, resolve))));
  return sockets;
}

it('500 slow clients at once take little, and keep nobody out', async () => {
  await using folder = await temporaryFolder();
  await using server = await startStandalone({ folder: folder.path });
  const port = Number(new URL(server.url).port);
  const { pid = 0 } = server.process;
  const submit = async (): Promise<number> => {
    const body = '{"command":"true","schedule":"@yearly"}';
    return statusOf(await raw({ port }, requestOf([...POST, `Content-Length: ${body.length}`], body)));
  };
  expect(await submit()).toBe(201);
  const before = await residentFromNow(pid);
  await hold(port, 200, `GET / HTTP/1.1\r\nHost: loc`);
  await hold(port, 200, `${POST.join('\r\n')}\r\nContent-Length: 1000000\r\n\r\n{"command":"${'x'.repeat(20_000)}`);
  await hold(port, 100, `GET /api/events HTTP/1.1\r\n${HOST}\r\n\r\n`);
  for (let each = 0; each < 20; each += 1) expect(await submit()).toBe(201);
  const more = (await mostResident(pid)) - before;
  console.info(`500 slow clients: ${(more / 2 ** 20).toFixed(0)} MiB more`);
  expect(more).toBeLessThan(96 * 2 ** 20);
});

/** Whether a connection that was made stays, as far as its answer tells. */
async function isServed(port: number): Promise<boolean> {
  return statusOf(await raw({ port }, requestOf(['GET /livez HTTP/1.1', HOST, 'Connection: close']))) === 200;
}

it('one address cannot have all connections, unless it is a proxy', async () => {
  const limits = { connectionsOfOne: 10 };
  await using api = await startApi({ limits });
  const held = await hold(api.server.port, 10, 'GET / HTTP/1.1\r\n');
  const isRefused = async (): Promise<void> => {
    while (await isServed(api.server.port)) await new Promise(setImmediate);
  };
  await within(10_000, isRefused(), () => 'an 11th one was let in');
  held[0]?.destroy();
  const isLetIn = async (): Promise<void> => {
    while (!(await isServed(api.server.port))) await new Promise(setImmediate);
  };
  await within(10_000, isLetIn(), () => 'its place was not given back');
  await using behind = await startApi({ limits, trustedProxies: ['loopback'] });
  await hold(behind.server.port, 20, 'GET / HTTP/1.1\r\n');
  expect(await isServed(behind.server.port)).toBe(true);
});

it('one key cannot have all streams, however many sessions it opens', async () => {
  await using api = await startApi({
    auth: 'keys',
    limits: { streams: 4, streamsOfOne: 2 },
    trustedProxies: ['loopback'],
  });
  const key = await makeKey(api.store, 'many', 'viewer');
  const other = await makeKey(api.store, 'other', 'viewer');
  const from = (host: number): Record<string, string> => ({ 'x-forwarded-for': `192.0.2.${host}` });
  const open = async (headers: Record<string, string>): Promise<number> => {
    const { statusCode, body } = await api.open('/api/events', headers);
    body.on('error', () => undefined);
    return statusCode;
  };
  const { headers } = await api.call('POST', '/api/login', { body: { key } });
  expect(await open({ ...bearer(key), ...from(1) })).toBe(200);
  expect(await open({ ...cookieOf(headers), ...from(2) })).toBe(200);
  expect(await open({ ...bearer(key), ...from(3) })).toBe(429);
  expect(await open({ ...bearer(other), ...from(3) })).toBe(200);
});

/** A server whose list of jobs is 13 MB long: more than the buffers of a connection hold. */
async function withLargeJobs(limits: Parameters<typeof startApi>[0]): Promise<Api> {
  const api = await startApi(limits);
  const large = onceDefinition({ command: 'x'.repeat(2 ** 16) });
  await api.store.createJobs(
    Array.from({ length: 200 }, () => newJob(large)),
    null,
  );
  return api;
}

/** What ten clients are told that ask for all of it, and read no more than the beginning. */
async function askAndStop({ server }: Api): Promise<number[]> {
  const sockets = await hold(server.port, 10, `GET /api/jobs?limit=200 HTTP/1.1\r\n${HOST}\r\n\r\n`);
  const heads = sockets.map(async (socket) => {
    await once(socket, 'readable');
    return statusOf(String(socket.read(12 + 1)));
  });
  return Promise.all(heads);
}

it('replies that nobody reads are held to so many bytes, until they are given up', async () => {
  await using api = await withLargeJobs({ limits: { repliesBytes: 30 * 2 ** 20, stuckTimeoutMs: 1_000 } });
  const told = await askAndStop(api);
  expect(new Set(told)).toEqual(new Set([200, 429]));
  expect((await api.call('GET', '/api/jobs?limit=1')).status).toBe(200);
  const roomAgain = async (): Promise<void> => {
    while ((await api.call('GET', '/api/jobs?limit=200')).status !== 200) await new Promise(setImmediate);
  };
  await within(20_000, roomAgain(), () => 'those that read nothing were not dropped');
});

it('red control: without that limit all of them are held', async () => {
  await using api = await withLargeJobs({ limits: { repliesBytes: Infinity } });
  expect(await askAndStop(api)).toEqual(Array(10).fill(200));
});

it('replies that one connection asks for at once are counted, however small they are', async () => {
  await using api = await withLargeJobs({ limits: { repliesBytes: 4 * 2 ** 20 } });
  // 39 MiB, of which the buffers of the connection take some more than nothing.
  await hold(api.server.port, 1, `GET /api/jobs?limit=1 HTTP/1.1\r\n${HOST}\r\n\r\n`.repeat(600));
  const refused = async (): Promise<void> => {
    while (api.log.filter((line) => line.includes('too_many_requests')).length < 300) await new Promise(setImmediate);
  };
  await within(20_000, refused(), () => 'all were made and held');
  expect((await api.call('GET', '/api/stats')).status).toBe(200);
});

/** The server's end of the next connection that asks something. */
async function nextAsking(): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const hear = (message: unknown): void => resolve((message as { readonly socket: Socket }).socket);
  subscribe('http.server.request.start', hear);
  return promise.finally(() => unsubscribe('http.server.request.start', hear));
}

/** Asks, and has left by the time that the store answers. */
async function leaveEarly({ server }: Api, faulty: FaultyStore, [method, line]: Asked): Promise<void> {
  const release = faulty.holdReply(method);
  const [asking, called] = [nextAsking(), faulty.nextCall(method)];
  const [client] = await hold(server.port, 1, `${line} HTTP/1.1\r\n${HOST}\r\n\r\n`);
  const there = await asking;
  await called;
  const left = new Promise((resolve) => there.once('close', resolve));
  client?.resetAndDestroy();
  await left;
  release();
}

/** Of which method of the store the reply is waited for, and what is asked. */
type Asked = readonly [method: 'listJobs' | 'getRun' | 'backup', line: `${'GET' | 'POST'} ${string}`];

it('clients that leave before their reply is made hold nothing', async () => {
  let faulty: FaultyStore | null = null;
  await using api = await withLargeJobs({
    limits: { repliesBytes: 16 * 2 ** 20, streams: 1 },
    wrapStore: (store) => (faulty = faultyStore(store)).store,
  });
  if (faulty === null) throw new Error('nothing was wrapped');
  const { body } = await api.call<JobView>('POST', '/api/jobs', { body: { command: 'true' } });
  const follow = `/api/runs/${body.id}.1/output?follow=true`;
  await leaveEarly(api, faulty, ['listJobs', 'GET /api/jobs?limit=200']);
  await leaveEarly(api, faulty, ['getRun', `GET ${follow}`]);
  await leaveEarly(api, faulty, ['backup', 'POST /api/backup']);
  const isServed = async (what: string, ask: () => Promise<number>): Promise<void> => {
    const asking = async (): Promise<void> => {
      while ((await ask()) !== 200) await new Promise(setImmediate);
    };
    await within(20_000, asking(), () => `${what} was refused`);
  };
  await isServed('a large reply', async () => (await api.call('GET', '/api/jobs?limit=200')).status);
  await isServed('a backup', async () => (await api.call('POST', '/api/backup')).status);
  await isServed('a stream', async () => {
    const response = await api.open(follow);
    response.body.on('error', () => undefined).destroy();
    return response.statusCode;
  });
});

it.each([
  ['a declared gigabyte', requestOf([...POST, `Content-Length: ${2 ** 30}`], '{"command":"'), 413],
  ['as many digits as fit', requestOf([...POST, 'Content-Length: 9007199254740991'], '{'), 413],
  ['17 MB that come', requestOf([...POST, 'Content-Length: 17000000'], `"${'x'.repeat(16_999_998)}"`), 413],
  [
    '17 MB in chunks',
    requestOf([...POST, 'Transfer-Encoding: chunked'], `1000000\r\n${'x'.repeat(2 ** 24)}\r\n1\r\nx\r\n0\r\n\r\n`),
    413,
  ],
  ['a header too long', requestOf(['GET / HTTP/1.1', HOST, `X: ${'x'.repeat(17_000)}`]), 431],
  ['headers too many', requestOf(['GET / HTTP/1.1', HOST, ...Array<string>(4_000).fill('X: y')]), 431],
  ['a path too long', requestOf([`GET /${'x'.repeat(20_000)} HTTP/1.1`, HOST]), 431],
  ['a path that is long', requestOf([`GET /api/jobs/${'x'.repeat(10_000)} HTTP/1.1`, HOST]), 404],
  ['a query that is long', requestOf([`GET /api/jobs?q=${'x'.repeat(10_000)} HTTP/1.1`, HOST]), 400],
  ['a query of many', requestOf([`GET /api/jobs?${'a=b&'.repeat(3_000)} HTTP/1.1`, HOST]), 400],
])('%s is refused', async (_, request, status) => {
  await using api = await startApi({ limits: { lingerMs: 100 } });
  const answer = await raw(api.server, request);
  expect(statusOf(answer)).toBe(status);
  // And what is said of it is short.
  expect(answer.length).toBeLessThan(20_000);
});
