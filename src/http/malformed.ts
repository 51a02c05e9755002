/** Answers what the parser could not read as a request. */
import { randomUUID } from 'node:crypto';
import { ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { JobschedError } from '../errors.ts';
import { toProblem } from './problem.ts';

export function answerMalformed(error: Error, socket: Duplex): void {
  // The client has gone, or part of a response is on its way: whatever came now would be read as more of that.
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET') || hasResponse(socket)) {
    socket.destroy();
    return;
  }
  const { status, problem } = told(error);
  const body = JSON.stringify({ ...toProblem(problem, randomUUID()), status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** Node keeps the response under way with its socket. One that has not begun leaves room for ours. */
function hasResponse(socket: Duplex): boolean {
  return '_httpMessage' in socket && socket._httpMessage instanceof ServerResponse && socket._httpMessage.headersSent;
}

function told(error: Error): { readonly status: number; readonly problem: JobschedError } {
  switch ('code' in error ? error.code : null) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, problem: new JobschedError('timed_out', 'the request took too long to come') };
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, problem: new JobschedError('invalid_request', 'the headers of the request are too large') };
    default:
      return { status: 400, problem: new JobschedError('invalid_request', 'the request is not HTTP/1.1') };
  }
}
