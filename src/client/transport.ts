/** How the client talks to its server: what is sent again after a lost connection, how long it waits, and who closes. */
import { setTimeout } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import { endedEarly, isLoss, isUnreachable } from './connection-problem.ts';
import { openConnection, type Connection, type Exchange } from './connection.ts';
import { strangerError } from './problem.ts';
import type { Millis } from '../domain/instant.ts';
import type { JobschedError } from '../errors.ts';

export interface TransportOptions {
  /** The server's root; a path in it is kept, for a server behind a proxy. */
  readonly server: URL;
  /** Sent with every request, where there is one. */
  readonly key: string | null;
  /** For a whole exchange, and for a stream until it begins. */
  readonly timeoutMs: Millis;
  readonly connectTimeoutMs: Millis;
}

export interface Call extends Exchange {
  /**
   * Pauses before each time the call is sent again after a lost connection. Only for calls that may be carried out
   * twice. GETs are sent again once unless this says otherwise.
   */
  readonly again?: readonly Millis[];
}

export interface Streamed {
  readonly headers: Answer['headers'];
  /** Ends with the response, or throws what broke it. Leaving the loop lets the connection go. */
  readonly body: AsyncIterable<Buffer>;
}

export interface Transport {
  /** The body of the response; undefined for 204. */
  json<Reply>(call: Call): Promise<Reply>;
  /** A response of any length on a connection of its own. `silenceMs` as in {@link Patience}. */
  stream(call: Call, silenceMs: Millis): Promise<Streamed>;
  /** What is wrong when a stream ended that had no reason to. */
  endedEarly(): JobschedError;
  close(): Promise<void>;
}

const ONCE_MORE: readonly Millis[] = [50];

export function createTransport(options: TransportOptions): Transport {
  const shared = openConnection(options);
  const streams = new Set<Connection>();
  return {
    json: (call) => sendAgain(call, () => exchangeJson(shared, call, options)),
    stream: (call, silenceMs) => sendAgain(call, () => openStream(streams, call, silenceMs, options)),
    endedEarly: () => endedEarly(options.server),
    close: async () => {
      await Promise.all([shared, ...streams].map((connection) => connection.close()));
    },
  };
}

/** A loss starts it; once begun, a server that is being restarted counts as one too. */
async function sendAgain<Reply>(call: Call, send: () => Promise<Reply>): Promise<Reply> {
  const pauses = call.again ?? (call.method === 'GET' ? ONCE_MORE : []);
  let lost = false;
  for (const pause of pauses) {
    try {
      return await send();
    } catch (error) {
      if (!isLoss(error) && !(lost && isUnreachable(error))) throw error;
      lost = true;
      await setTimeout(pause);
    }
  }
  return send();
}

async function exchangeJson<Reply>(connection: Connection, call: Call, options: TransportOptions): Promise<Reply> {
  const late = AbortSignal.timeout(options.timeoutMs);
  const signal = call.signal ? AbortSignal.any([call.signal, late]) : late;
  const patience = { headersMs: options.timeoutMs, silenceMs: options.timeoutMs };
  const answer = await connection.exchange({ ...call, signal }, patience);
  if (answer.statusCode === 204) {
    await answer.body.dump();
    return undefined as Reply;
  }
  const text = await connection.read(answer);
  try {
    return JSON.parse(text) as Reply;
  } catch {
    throw strangerError(answer.statusCode, options.server);
  }
}

async function openStream(
  streams: Set<Connection>,
  call: Call,
  silenceMs: Millis,
  options: TransportOptions,
): Promise<Streamed> {
  const connection = openConnection(options);
  streams.add(connection);
  const close = async (): Promise<void> => {
    streams.delete(connection);
    await connection.close();
  };
  try {
    const answer = await connection.exchange(call, { headersMs: options.timeoutMs, silenceMs });
    return { headers: answer.headers, body: untilEnd(connection.pieces(answer), close) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* untilEnd(pieces: AsyncIterable<Buffer>, close: () => Promise<void>): AsyncGenerator<Buffer> {
  try {
    yield* pieces;
  } finally {
    await close();
  }
}
