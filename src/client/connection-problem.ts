/** What went wrong between us and the server, in words. */
import { JobschedError, type ErrorCode } from '../errors.ts';
import { tlsProblem } from './tls-problem.ts';

/** Nobody knows whether a request that ended so was carried out: it can be sent again if that does no harm. */
const LOST = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the host name cannot be looked up',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the network',
  UND_ERR_CONNECT_TIMEOUT: 'no answer to the connection',
  UND_ERR_SOCKET: 'the connection was lost',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
};

const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'server_unreachable',
  'timed_out',
  'shutting_down',
  'engine_unavailable',
  'too_many_requests',
]);

const TIMED_OUT = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** Whether a request may have reached the server before the connection broke. */
export function isLoss(error: unknown): boolean {
  return error instanceof JobschedError && error.code === 'server_unreachable' && LOST.has(codeOf(error.cause) ?? '');
}

/** Whether nothing was sent, or nobody knows: the server may be back in a moment. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof JobschedError && error.code === 'server_unreachable';
}

/** Whether a server that has answered before may answer again in a moment: it is away, stopping or has too much to do. */
export function mayReturn(error: unknown): error is JobschedError {
  return error instanceof JobschedError && PASSING.has(error.code);
}

/** @returns what to throw; an abort and a bug are handed back as they are. */
export function connectionProblem(error: unknown, server: URL): unknown {
  const code = codeOf(error);
  const address = addressOf(server);
  if (code !== null && TIMED_OUT.has(code)) {
    return new JobschedError('timed_out', `the server at ${address} took too long to answer`, { cause: error });
  }
  if (isTimeoutSignal(error)) return new JobschedError('timed_out', `the server at ${address} took too long to answer`);
  const aboutTls = code === null ? null : tlsProblem(code, address, error);
  if (aboutTls !== null) return aboutTls;
  if (code === null || !(code in CAUSES || LOST.has(code) || isSystemCode(error))) return error;
  return new JobschedError(
    'server_unreachable',
    `cannot reach the server at ${address}: ${CAUSES[code] ?? 'the connection failed'} (${code})`,
    {
      cause: error,
      hint: 'Start one on this machine with: jobsched standalone\nOr name another with --server URL or JOBSCHED_SERVER.',
    },
  );
}

/** For a stream that ended well, but too early, and does so again and again: a proxy can do that. */
export function endedEarly(server: URL): JobschedError {
  return new JobschedError(
    'server_unreachable',
    `the server at ${addressOf(server)}, or a proxy before it, ends the stream again and again before it is complete`,
    { hint: 'Does a proxy stand between? It must not cut or gather responses that stream.' },
  );
}

/** The server's URL without what nobody should see in a message. */
export function addressOf(server: URL): string {
  const shown = new URL(server);
  shown.username = '';
  shown.password = '';
  return shown.href.replace(/\/$/, '');
}

/** A name with several addresses fails with one error for each of them; the first tells enough. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : null;
}

function isSystemCode(error: unknown): boolean {
  return error instanceof AggregateError || (error instanceof Error && 'syscall' in error);
}

function isTimeoutSignal(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
