/** What a handler answers with, and how it is sent. */
import type { ServerResponse } from 'node:http';
import { whenClosed } from './closed.ts';

export type Headers = Readonly<Record<string, string>>;

export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly body: unknown; readonly headers: Headers }
  | {
      readonly kind: 'bytes';
      readonly status: number;
      /** As text it goes out with the head in one piece: bytes would be a second one. */
      readonly body: Uint8Array | string | null;
      readonly headers: Headers;
    }
  /**
   * `admit` takes one of the places for streams; null where none is needed, since the response ends by itself. `open`
   * does what may fail. Only then is anything sent.
   */
  | {
      readonly kind: 'stream';
      /** Default: 200. */
      readonly status?: 206;
      readonly headers: Headers;
      readonly admit: (() => OpenStream) | null;
      readonly open: () => Promise<StreamBody>;
    };

export type StreamKind = 'events' | 'output';

/** A place for a response that stays open. */
export interface OpenStream {
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** Once, or more often. */
  close(): void;
}

export interface StreamBody {
  /** Sends the body bit by bit and ends the response; stops by itself when the signal says that nobody reads. */
  write(response: ServerResponse, gone: AbortSignal): Promise<void>;
  /** Afterwards, or when nothing is to be written. */
  close(): void;
}

export const json = (status: number, body: unknown, headers: Headers = {}): Reply => ({
  kind: 'json',
  status,
  body,
  headers,
});

export const nothing = (status: 204): Reply => ({ kind: 'bytes', status, body: null, headers: {} });

/** @param path from the root of what is served. */
export const moved = (status: 308, path: string): Reply => ({
  kind: 'bytes',
  status,
  body: null,
  headers: { Location: path },
});

/** The same, with its `Location`, if it has one, below the base that people see. */
export function located(reply: Reply, base: string): Reply {
  const { Location } = reply.headers;
  return base === '' || Location === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, Location: base + Location } };
}

/** On every response. Nothing of ours is for other sites, for caches, or to be guessed at. */
export const COMMON_HEADERS: Headers = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Sends a reply. For HEAD all of it but the body.
 *
 * @param rest what to wait for between the reply and the end of the exchange: see `server/linger.ts`.
 */
export async function send(
  response: ServerResponse,
  reply: Reply,
  more: Headers,
  isHead: boolean,
  rest: Promise<void> | null = null,
): Promise<void> {
  if (reply.kind === 'stream') {
    return sendStream(response, reply, { ...COMMON_HEADERS, ...more, ...reply.headers }, isHead);
  }
  const body = reply.kind === 'json' ? JSON.stringify(reply.body) : reply.body;
  const headers: Record<string, string> = { ...COMMON_HEADERS };
  if (reply.kind === 'json') headers['Content-Type'] = 'application/json; charset=utf-8';
  if (body !== null) headers['Content-Length'] = String(Buffer.byteLength(body));
  response.writeHead(reply.status, Object.assign(headers, more, reply.headers));
  const sent = isHead || body === null ? undefined : body;
  if (rest === null) {
    response.end(sent);
    return;
  }
  if (sent !== undefined) response.write(sent);
  await rest;
  response.end();
}

async function sendStream(
  response: ServerResponse,
  reply: Extract<Reply, { kind: 'stream' }>,
  headers: Headers,
  isHead: boolean,
): Promise<void> {
  const gone = new AbortController();
  whenClosed(response, () => gone.abort());
  const place = reply.admit?.() ?? null;
  try {
    const body = await reply.open();
    try {
      response.writeHead(isHead ? 200 : (reply.status ?? 200), headers);
      // The body may be long in coming; until then the client should know that it will.
      response.flushHeaders();
      const signals = place === null ? [gone.signal] : [gone.signal, place.stopping];
      if (isHead) response.end();
      else await body.write(response, AbortSignal.any(signals));
    } finally {
      body.close();
    }
  } finally {
    place?.close();
  }
}
