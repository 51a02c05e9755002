/** Answers what the parser could not read as a request. */
import { randomUUID } from 'node:crypto';
import { ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { JobschedError } from '../../errors.ts';
import { toProblem } from '../reply/problem.ts';
import { COMMON_HEADERS } from '../reply/reply.ts';

export function answerMalformed(error: Error, socket: Duplex): void {
  const underWay = responseOf(socket);
  const isLost = !socket.writable || ('code' in error && error.code === 'ECONNRESET');
  // Part of a response may be on its way: whatever came now would be read as more of that.
  if (isLost || underWay?.headersSent === true) socket.destroy();
  // What came before is a whole request, and may be carried out by now: only its own reply may answer it.
  else if (underWay?.req.complete === true) underWay.setHeader('Connection', 'close');
  else {
    const { status, problem } = told(error);
    socket.end(encodeProblem(status, problem));
  }
}

/** A whole answer, for a connection that has no response of Node's to send it with. The last one on it. */
export function encodeProblem(status: number, problem: JobschedError): string {
  const requestId = randomUUID();
  const body = JSON.stringify({ ...toProblem(problem, requestId), status });
  const headers = {
    ...COMMON_HEADERS,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': requestId,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

/** Node keeps the response under way with its socket. */
function responseOf(socket: Duplex): ServerResponse | null {
  return '_httpMessage' in socket && socket._httpMessage instanceof ServerResponse ? socket._httpMessage : null;
}

function told(error: Error): { readonly status: number; readonly problem: JobschedError } {
  switch ('code' in error ? error.code : null) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        problem: new JobschedError('timed_out', 'the request took too long to come', {
          hint: 'Send it again, all of it at once.',
        }),
      };
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        problem: new JobschedError('invalid_request', 'the headers of the request are too large', {
          hint: 'Send no more than 16 KiB of them.',
        }),
      };
    default:
      return {
        status: 400,
        problem: new JobschedError('invalid_request', 'the request is not HTTP/1.1', {
          hint: 'Use a client of HTTP, such as curl.',
        }),
      };
  }
}
