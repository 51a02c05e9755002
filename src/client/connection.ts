/**
 * One HTTP exchange with the server, with every way it can fail told as a `JobschedError`. No retries here: see
 * `transport.ts`.
 */
import type { Dispatcher } from 'undici';
import UndiciClient from 'undici/lib/dispatcher/client.js';
import sendRequest from 'undici/lib/api/api-request.js';
import type { Answer } from './answer.ts';
import { connectionProblem } from './connection-problem.ts';
import { problemFromResponse } from './problem.ts';

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With its query, from the server's root: `/api/jobs?limit=10`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  /** A status from 400 on that is an answer all the same, unless it is a problem. */
  readonly expects?: number;
}

export interface Patience {
  /** Until the response begins. */
  readonly headersMs: number;
  /** Between two pieces of its body. 0: for ever. */
  readonly silenceMs: number;
}

export interface Connection {
  /** @returns a response with a status below 400. */
  exchange(request: Exchange, patience: Patience): Promise<Answer>;
  /** A response's body as it comes. */
  pieces(answer: Answer): AsyncIterable<Buffer>;
  /** A response's whole body as text. */
  read(answer: Answer): Promise<string>;
  /** Ends what is under way and lets the socket go. */
  close(): Promise<void>;
}

export interface ConnectionOptions {
  readonly server: URL;
  readonly key: string | null;
  readonly connectTimeoutMs: number;
}

/** A connection is one socket, so a response that streams needs one of its own. Nothing is opened before it is used. */
export function openConnection({ server, key, connectTimeoutMs }: ConnectionOptions): Connection {
  // HTTP/2 would have nothing to gain with one exchange at a time, and a release has no node:http2: scripts/build/.
  const client = new UndiciClient(server.origin, { connectTimeout: connectTimeoutMs, allowH2: false });
  const shown: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const base = server.pathname.replace(/\/+$/, '');
  return {
    exchange: async (request, patience) => {
      const answer = await inWords(
        sendRequest.call(client, options(base, { ...request, headers: { ...shown, ...request.headers } }, patience)),
        server,
      );
      const isAnswer = answer.statusCode < 400 || isExpected(answer, request);
      if (!isAnswer) throw await problemFromResponse(answer, server);
      return answer;
    },
    pieces: (answer) => piecesInWords(answer.body, server),
    read: async (answer) => {
      const pieces = await Array.fromAsync(piecesInWords(answer.body, server));
      return Buffer.concat(pieces).toString('utf8');
    },
    close: () => client.destroy(),
  };
}

function isExpected({ statusCode, headers }: Answer, { expects }: Exchange): boolean {
  return statusCode === expects && String(headers['content-type']).startsWith('application/json');
}

async function inWords(answer: Promise<Answer>, server: URL): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw connectionProblem(error, server);
  }
}

/** The connection can break within a body as well. */
async function* piecesInWords(body: AsyncIterable<Buffer>, server: URL): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw connectionProblem(error, server);
  }
}

function options(base: string, request: Exchange, patience: Patience): Dispatcher.RequestOptions<null> {
  const body = request.body === undefined ? null : JSON.stringify(request.body);
  return {
    method: request.method,
    path: base + request.path,
    headers: { accept: 'application/json', ...(body !== null && JSON_BODY), ...request.headers },
    body,
    headersTimeout: patience.headersMs,
    bodyTimeout: patience.silenceMs,
    signal: request.signal ?? null,
  };
}

const JSON_BODY = { 'content-type': 'application/json' };
