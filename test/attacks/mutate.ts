/** Requests that are nearly right: valid ones, changed a few times by chance. The same chance makes the same ones. */
import type { Chance } from '../simulation/chance.ts';

const HOST = 'Host: localhost\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';

function post(path: string, body: string, more = '', method = 'POST'): string {
  const length = Buffer.byteLength(body);
  return `${method} ${path} HTTP/1.1\r\n${HOST}${JSON_TYPE}${more}Content-Length: ${length}\r\n\r\n${body}`;
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${more}\r\n`;

const JOB = '{"command":"true","name":"fuzzed","schedule":"0 0 2 * * *","tags":["a"],"env":{"A":"b"}}';

const VALID: readonly [string, ...string[]] = [
  get('/'),
  get('/livez'),
  get('/metrics'),
  get('/api/jobs?limit=10&status=pending,running', 'Accept: */*\r\nUser-Agent: curl/8\r\n'),
  get('/api/jobs/fuzzed', 'If-None-Match: "1"\r\nAuthorization: Bearer abc\r\nCookie: a=b; c=d\r\n'),
  get('/api/runs/fuzzed%231/output?follow=1&stream=stdout', 'Range: bytes=0-10\r\nAccept-Encoding: gzip, br\r\n'),
  get('/api/events', 'Last-Event-ID: 12\r\n'),
  get('/api/openapi.json', 'Connection: close\r\nOrigin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n'),
  `HEAD /api/stats HTTP/1.1\r\n${HOST}\r\n`,
  post('/api/jobs', JOB, 'Idempotency-Key: one\r\n'),
  post('/api/jobs', `{"jobs":[${JOB},{"command":"date","type":"once","schedule":""}]}`, 'Expect: 100-continue\r\n'),
  post('/api/schedules/preview', '{"schedule":"*/10 * * * * *","timezone":"Europe/Berlin","count":5}'),
  post('/api/jobs/fuzzed', '{"priority":5}', 'If-Match: "1"\r\n', 'PATCH'),
  post('/api/jobs/fuzzed/run', '{"force":true}'),
  `DELETE /api/jobs/fuzzed?force=true HTTP/1.1\r\n${HOST}\r\n`,
  `POST /api/jobs HTTP/1.1\r\n${HOST}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\n` +
    `${JOB.length.toString(16)}\r\n${JOB}\r\n0\r\nTrailer: x\r\n\r\n`,
  get('/livez') + post('/api/jobs', JOB) + get('/api/queues'),
];

/** What parsers have stumbled over. */
const NASTY: readonly [string, ...string[]] = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\n\n',
  '\0',
  '\t',
  '\u000b',
  '\u0085',
  '\u00ff\u00fe',
  ' ',
  ':',
  ';',
  ',',
  '\r\n ',
  '\r\n\t',
  '\r\nHost: evil.example',
  '\r\nContent-Length: 0',
  '\r\nContent-Length: 5\r\nContent-Length: 6',
  '\r\nTransfer-Encoding: chunked',
  '\r\nTransfer-Encoding: identity, chunked',
  '\r\nTransfer-Encoding : chunked',
  '\r\nContent-Length: -1',
  '\r\nContent-Length: 1e9',
  '\r\nContent-Length: 18446744073709551616',
  '\r\nExpect: x',
  '\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings',
  '\r\nX-Forwarded-For: 1.1.1.1',
  '\r\n__proto__: x',
  '../',
  '%2e%2e/',
  '%00',
  '%',
  '%ff',
  '%0d%0a',
  '//',
  '?',
  '#',
  '&&',
  '__proto__',
  'constructor',
  '*',
  '\\',
  '@',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'http://evil.example',
  '0\r\n\r\n',
  'ffffffffffffffff\r\n',
  '-1\r\n',
  '5;ext="',
  'GET',
  'TRACE',
  'CONNECT',
  'OPTIONS *',
  'null',
  '{"__proto__":{}}',
  '{}',
  '[]',
  '"',
  '{',
  ']',
  '1e999',
  '\ud800',
  '\u202e',
  '\u001b]0;x\u0007',
  'bytes=0-,-1',
  'x'.repeat(300),
];

type Mutation = (bytes: Buffer, chance: Chance) => Buffer;

const spliced = (bytes: Buffer, at: number, remove: number, put: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + remove)]);

const place = (bytes: Buffer, chance: Chance): number => chance.whole(0, bytes.length);

function lines(bytes: Buffer, change: (all: string[]) => void): Buffer {
  const all = bytes.toString('latin1').split('\r\n');
  change(all);
  return Buffer.from(all.join('\r\n'), 'latin1');
}

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  // A bit is another.
  (bytes, chance) => {
    const copy = Buffer.from(bytes);
    const at = chance.whole(0, Math.max(0, copy.length - 1));
    copy[at] = (copy[at] ?? 0) ^ (1 << chance.whole(0, 7));
    return copy;
  },
  (bytes, chance) => spliced(bytes, place(bytes, chance), 0, Buffer.from(chance.pick(NASTY))),
  (bytes, chance) => spliced(bytes, place(bytes, chance), chance.whole(1, 8), Buffer.from(chance.pick(NASTY))),
  (bytes, chance) => spliced(bytes, place(bytes, chance), chance.whole(1, 40), Buffer.alloc(0)),
  (bytes, chance) => spliced(bytes, place(bytes, chance), 0, Buffer.from([chance.whole(0, 255)])),
  // It ends early.
  (bytes, chance) => bytes.subarray(0, place(bytes, chance)),
  // A part comes twice.
  (bytes, chance) => {
    const at = place(bytes, chance);
    return spliced(bytes, at, 0, bytes.subarray(at, at + chance.whole(1, 60)));
  },
  // A line comes twice, or elsewhere, or not.
  (bytes, chance) =>
    lines(bytes, (all) => all.splice(chance.whole(0, all.length), 0, all[chance.whole(0, all.length - 1)] ?? '')),
  (bytes, chance) =>
    lines(bytes, (all) => all.splice(chance.whole(0, all.length), 0, ...all.splice(chance.whole(0, all.length), 1))),
  (bytes, chance) => lines(bytes, (all) => all.splice(chance.whole(0, all.length), 1)),
  // A line ends by a line feed alone.
  (bytes) => Buffer.from(bytes.toString('latin1').replace('\r\n', '\n'), 'latin1'),
  // A number is another.
  (bytes, chance) =>
    Buffer.from(
      bytes
        .toString('latin1')
        .replace(/\d+/, (digits) => chance.pick([`${Number(digits) + 1}`, '0', '-1', '+5', '0x5', '99999999999'])),
      'latin1',
    ),
  // Something is far too long.
  (bytes, chance) =>
    spliced(
      bytes,
      place(bytes, chance),
      0,
      Buffer.alloc(chance.pick([1_000, 9_000, 20_000]), chance.pick(['a', '0', ' '])),
    ),
  // Another request begins within it.
  (bytes, chance) => spliced(bytes, place(bytes, chance), 0, Buffer.from(chance.pick(VALID), 'latin1')),
];

/** @param headers lines that each valid one has before it is changed. */
export function malformedRequest(chance: Chance, headers = ''): Buffer {
  let bytes = Buffer.from(chance.pick(VALID).replaceAll(HOST, HOST + headers), 'latin1');
  for (let left = chance.whole(1, chance.pick([1, 2, 4])); left > 0; left -= 1) {
    bytes = Buffer.from(chance.pick(MUTATIONS)(bytes, chance));
  }
  return bytes;
}
