/** How the client talks to its server: what is sent again after a lost connection, how long it waits, and who closes. */
import { setTimeout } from 'node:timers/promises';
import type { Answer } from './answer.ts';
import { ComeAgain } from './come-again.ts';
import { endedEarly, isLoss, isUnreachable } from './connection-problem.ts';
import { openConnection, type Connection, type Exchange } from './connection.ts';
import { strangerError } from './problem.ts';
import type { Millis } from '../domain/instant.ts';
import { JobschedError, type ErrorCode } from '../errors.ts';

export interface TransportOptions {
  /** The server's root; a path in it is kept, for a server behind a proxy. */
  readonly server: URL;
  /** Sent with every request, where there is one. */
  readonly key: string | null;
  /** For a whole exchange, and for a stream until it begins. */
  readonly timeoutMs: Millis;
  readonly connectTimeoutMs: Millis;
  /** For how long, in all, a call is sent again that the server told to come again. */
  readonly waitMs: Millis;
}

export interface Call extends Exchange {
  /**
   * Pauses before each time the call is sent again after a lost connection. Only for calls that may be carried out
   * twice. GETs are sent again once unless this says otherwise.
   */
  readonly again?: readonly Millis[];
  /** Of what removes: refusals that mean, when it was sent again after a loss, that the first time did it. */
  readonly doneWhen?: readonly ErrorCode[];
  /** Of a stream: how long it may take to begin. Default: `timeoutMs`. */
  readonly beginsWithinMs?: Millis;
}

export interface Streamed {
  readonly headers: Answer['headers'];
  /** Ends with the response, or throws what broke it. Leaving the loop lets the connection go. */
  readonly body: AsyncIterable<Buffer>;
}

export interface Transport {
  /** The body of the response; undefined for 204. */
  json<Reply>(call: Call): Promise<Reply>;
  /** The body of the response as it is. */
  text(call: Call): Promise<string>;
  /** A response of any length on a connection of its own. `silenceMs` as in {@link Patience}. */
  stream(call: Call, silenceMs: Millis): Promise<Streamed>;
  /** What is wrong when a stream ended that had no reason to. */
  endedEarly(): JobschedError;
  /** Between two tries. @throws the signal's reason, or Error once the transport is closed. */
  pause(ms: Millis, signal?: AbortSignal): Promise<void>;
  /** Ends what is under way, pauses too; nothing begins after it. */
  close(): Promise<void>;
}

const ONCE_MORE: readonly Millis[] = [50];

export function createTransport(options: TransportOptions): Transport {
  const shared = openConnection(options);
  const streams = new Set<Connection>();
  const closing = new AbortController();
  const pause = (ms: Millis, signal?: AbortSignal): Promise<void> =>
    sleep(ms, signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]));
  const send = <Reply>(call: Call, once: () => Promise<Reply>): Promise<Reply> =>
    sendAgain(call, options.waitMs, once, pause);
  return {
    json: (call) => send(call, () => exchangeJson(shared, call, options)),
    text: (call) => send(call, () => exchangeText(shared, call, options)),
    stream: (call, silenceMs) =>
      send(call, () => {
        closing.signal.throwIfAborted();
        return openStream(streams, call, silenceMs, options);
      }),
    endedEarly: () => endedEarly(options.server),
    pause,
    close: async () => {
      closing.abort(new Error('the client is closed'));
      await Promise.all([shared, ...streams].map((connection) => connection.close()));
    },
  };
}

/**
 * Sends what may be sent twice again: after a lost connection, after the pauses that the call names; when the server says
 * when to come again, then, for as long as `waitMs` lets it. A loss starts the pauses; once begun, a server that is being
 * restarted counts as one too. So does an engine that is away: it may have done what it did not answer.
 */
async function sendAgain<Reply>(
  call: Call,
  waitMs: Millis,
  send: () => Promise<Reply>,
  pauseFor: Transport['pause'],
): Promise<Reply> {
  const pauses = [...(call.again ?? (call.method === 'GET' ? ONCE_MORE : []))];
  const repeatable = pauses.length > 0;
  let lost = false;
  let left = waitMs;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      const pause = pauses[0];
      if (lost && error instanceof JobschedError && call.doneWhen?.includes(error.code) === true) {
        return undefined as Reply;
      }
      if (repeatable && error instanceof ComeAgain && error.afterMs <= left) {
        lost ||= OF_THE_ENGINE.has(error.code);
        left -= Math.max(error.afterMs, LEAST_WAIT);
        await pauseFor(Math.max(error.afterMs, LEAST_WAIT), call.signal);
      } else if (pause !== undefined && (isLoss(error) || (lost && isUnreachable(error)))) {
        lost = true;
        pauses.shift();
        await pauseFor(pause, call.signal);
      } else throw error;
    }
  }
}

/** With them the server may have done what it was asked for. */
const OF_THE_ENGINE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'engine_unavailable',
  'engine_read_only',
  'not_replicated',
]);

/** Of a server that says 0. */
const LEAST_WAIT: Millis = 100;

/** @throws the signal's reason. */
async function sleep(ms: Millis, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

async function exchangeText(connection: Connection, call: Call, options: TransportOptions): Promise<string> {
  const signal = untilLate(call, options);
  const answer = await connection.exchange({ ...call, signal }, patienceOf(options));
  return connection.read(answer);
}

function untilLate(call: Call, { timeoutMs }: TransportOptions): AbortSignal {
  const late = AbortSignal.timeout(timeoutMs);
  return call.signal ? AbortSignal.any([call.signal, late]) : late;
}

const patienceOf = ({ timeoutMs }: TransportOptions) => ({ headersMs: timeoutMs, silenceMs: timeoutMs });

async function exchangeJson<Reply>(connection: Connection, call: Call, options: TransportOptions): Promise<Reply> {
  const signal = untilLate(call, options);
  const answer = await connection.exchange({ ...call, signal }, patienceOf(options));
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
    const answer = await connection.exchange(call, { headersMs: call.beginsWithinMs ?? options.timeoutMs, silenceMs });
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
