/**
 * Requests that a proxy before us might read as others than we do (CVE-2024-27982), and what is no request to a server
 * like this one: whole URLs, tunnels, traces, upgrades.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { raw, requestOf, statusesOf, statusOf } from '../support/raw-http.ts';
import { startWithout } from './unguarded.ts';

let api: Api;
beforeAll(async () => (api = await startApi()));
afterAll(() => api[Symbol.asyncDispose]());

const HOST = 'Host: localhost';
const POST = ['POST /api/jobs HTTP/1.1', HOST, 'Content-Type: application/json'];
const GET = 'GET /api/jobs HTTP/1.1';
const CHUNKED = 'Transfer-Encoding: chunked';

/** What our own code refuses, and Node's parser does not. */
const STRANGE: readonly string[] = [
  requestOf(['GET http://evil.example/api/jobs HTTP/1.1', HOST]),
  requestOf(['GET http://localhost/api/jobs HTTP/1.1', HOST]),
  requestOf(['GET /api/jobs#x HTTP/1.1', HOST]),
];

const NO_PLAIN_HTTP: readonly (readonly [string, string])[] = [
  ...STRANGE.map((request) => ['a strange target', request] as const),
  ['any target at all', requestOf(['OPTIONS * HTTP/1.1', HOST])],
  ['an upgrade', requestOf([GET, HOST, 'Upgrade: websocket'])],
  ['an upgrade to HTTP/2', requestOf([GET, HOST, 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'])],
  ['an expectation', requestOf([GET, HOST, 'Expect: foo'])],
  ['both lengths', requestOf([...POST, 'Content-Length: 2', CHUNKED], '0\r\n\r\n')],
  ['both lengths, the other way round', requestOf([...POST, CHUNKED, 'Content-Length: 2'], '0\r\n\r\n')],
  ['two lengths', requestOf([...POST, 'Content-Length: 2', 'Content-Length: 3'], '{}')],
  ['two lengths in one', requestOf([...POST, 'Content-Length: 2, 3'], '{}')],
  ['a signed length', requestOf([...POST, 'Content-Length: +2'], '{}')],
  ['a length in hexadecimal', requestOf([...POST, 'Content-Length: 0x2'], '{}')],
  ['a length that is too large for any number', requestOf([...POST, 'Content-Length: 18446744073709551618'], '{}')],
  ['a blank before the colon', requestOf([...POST, 'Transfer-Encoding : chunked'], '0\r\n\r\n')],
  ['an unknown coding', requestOf([...POST, 'Transfer-Encoding: chunked, identity'], '0\r\n\r\n')],
  ['a coding that is misspelt', requestOf([...POST, 'Transfer-Encoding: xchunked'], '0\r\n\r\n')],
  ['line feeds alone', `${GET}\n${HOST}\n\n`],
  ['a line feed alone in the headers', `${GET}\r\n${HOST}\nX: y\r\n\r\n`],
  ['a line that goes on', `${GET}\r\n${HOST}\r\nX: y\r\n z\r\n\r\n`],
  ['a carriage return alone', `${GET}\r\n${HOST}\r\nX: y\rZ: z\r\n\r\n`],
  ['a chunk without a size', requestOf([...POST, CHUNKED], '\r\n{}\r\n0\r\n\r\n')],
  ['a chunk of a negative size', requestOf([...POST, CHUNKED], '-2\r\n{}\r\n0\r\n\r\n')],
  ['a chunk of a size too large', requestOf([...POST, CHUNKED], 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n')],
  ['a chunk that is longer than it says', requestOf([...POST, CHUNKED], '2\r\n{"a":1}\r\n0\r\n\r\n')],
  ['a chunk that ends by a line feed', requestOf([...POST, CHUNKED], '2\n{}\n0\n\n')],
  ['a NUL in a header', requestOf([GET, HOST, 'X: a\0b'])],
  ['a name that is none', requestOf([GET, HOST, 'X Y: z'])],
  ['another version', requestOf(['GET /api/jobs HTTP/9.9', HOST])],
  ['HTTP/2 itself', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['no HTTP', 'nonsense\r\n\r\n'],
];

describe('what is no plain HTTP/1.1', () => {
  it.each(NO_PLAIN_HTTP)('is refused, and the connection closed: %s', async (_, request) => {
    const answer = await raw(api.server, request);
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('X-Content-Type-Options: nosniff');
    expect(answer).toContain('Cache-Control: no-store');
    expect(/^X-Request-Id: (\S+)/m.exec(answer)?.[1]).toBe(/"request_id":"(.*?)"/.exec(answer)?.[1]);
  });

  it('red control: without the guard a strange target is answered as what it names', async () => {
    await using open = await startWithout('target');
    for (const request of STRANGE) expect(statusOf(await raw(open.server, request))).toBe(200);
  });
});

describe('a second request that is hidden in a first', () => {
  const hidden = `GET /api/hidden HTTP/1.1\r\n${HOST}\r\n\r\n`;

  it.each([
    ['in a body by length', requestOf([...POST, `Content-Length: ${hidden.length}`], hidden)],
    ['in a chunk', requestOf([...POST, CHUNKED], `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`)],
    ['in the extension of a chunk', requestOf([...POST, CHUNKED], `2;x="${hidden}"\r\n{}\r\n0\r\n\r\n`)],
    ['behind both lengths', requestOf([...POST, 'Content-Length: 5', CHUNKED], `0\r\n\r\n${hidden}`)],
  ])('is not carried out: %s', async (_, request) => {
    expect(statusesOf(await raw(api.server, request))).toEqual([400]);
  });

  it('as a body of GET is not either', async () => {
    const answer = await raw(api.server, requestOf([GET, HOST, `Content-Length: ${hidden.length}`], hidden));
    expect(statusesOf(answer)).toEqual([400]);
    expect(answer).toContain('GET /api/jobs takes no body');
  });
});

it('a request is answered by its own reply, whatever comes behind it', async () => {
  const body = '{"command":"true","name":"before.garbage"}';
  const request = `${POST.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}garbage\r\n\r\n`;
  expect(statusesOf(await raw(api.server, request))).toEqual([201]);
  expect((await api.call('GET', '/api/jobs/before.garbage')).status).toBe(200);
});

it('TRACE shows nobody his headers, and CONNECT opens no tunnel', async () => {
  const secret = 'X-Header: secret';
  const answer = await raw(api.server, requestOf(['TRACE /api/jobs HTTP/1.1', HOST, secret]));
  expect(statusOf(answer)).toBe(405);
  expect(answer).not.toContain('secret');
  expect(await raw(api.server, requestOf(['CONNECT localhost:22 HTTP/1.1', HOST]))).toBe('');
});
