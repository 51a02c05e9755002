/**
 * Set up for all tests of processes: whatever a jobsched answers to this process, by the client, undici or fetch, is held
 * against the OpenAPI document, and what that does not say fails the test. A jobsched is known by its `X-Request-Id`.
 */
import { subscribe } from 'node:diagnostics_channel';
import { afterAll, afterEach } from 'vitest';
import type { Response } from './described.ts';

/** As undici shows a request on its channels. */
interface Sent {
  readonly method: string;
  readonly path: string;
}

interface UnderWay {
  readonly response: Response;
  readonly pieces: Uint8Array[];
  size: number;
}

/** Longer ones, which only tests of size make, are judged by their heads alone. */
const MOST_BYTES = 1 << 20;
const MOST_KEPT = 1_000;

const underWay = new WeakMap<Sent, UnderWay>();
const seen: Response[] = [];
const faults: string[] = [];
let expected: RegExp | null = null;

/** In this file, responses that the document does not say may come when they have this in them. */
export function expectUndescribed(words: RegExp): void {
  expected = words;
}

subscribe('undici:request:headers', (message) => {
  const { request, response } = message as {
    readonly request: Sent;
    readonly response: { readonly statusCode: number; readonly headers: readonly Buffer[] };
  };
  const headers = headersOf(response.headers);
  if (headers['x-request-id'] === undefined || response.statusCode < 200) return;
  const { method, path } = request;
  const isJson = /^application\/(?:problem\+)?json/.test(headers['content-type'] ?? '') && method !== 'HEAD';
  const one = { method, path, status: response.statusCode, headers, body: null };
  if (isJson) underWay.set(request, { response: one, pieces: [], size: 0 });
  else take(one);
});

subscribe('undici:request:bodyChunkReceived', (message) => {
  const { request, chunk } = message as { readonly request: Sent; readonly chunk: Uint8Array };
  const known = underWay.get(request);
  if (known === undefined) return;
  known.size += chunk.length;
  // Its memory is undici's, and is used again.
  if (known.size <= MOST_BYTES) known.pieces.push(Uint8Array.from(chunk));
});

subscribe('undici:request:trailers', (message) => {
  const { request } = message as { readonly request: Sent };
  const known = underWay.get(request);
  if (known === undefined) return;
  const body = known.size > MOST_BYTES ? null : Buffer.concat(known.pieces);
  take({ ...known.response, body });
});

/** Of a test that asks very often not all are kept to its end. */
function take(response: Response): void {
  seen.push(response);
  if (seen.length === MOST_KEPT) void judge();
}

function headersOf(raw: readonly Buffer[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers[String(raw[index]).toLowerCase()] = String(raw[index + 1]);
  }
  return headers;
}

/** The document is made when there is something to hold against it: many tests never ask a server. */
async function judge(): Promise<void> {
  if (seen.length === 0) return;
  const { undescribed } = await import('./described.ts');
  for (const response of seen.splice(0)) {
    const fault = undescribed(response);
    if (fault !== null && expected?.test(fault) !== true) faults.push(fault);
  }
}

async function report(): Promise<void> {
  await judge();
  const all = faults.splice(0);
  if (all.length > 0) throw new Error(all.slice(0, 5).join('\n\n'));
}

afterEach(report);
afterAll(report);
