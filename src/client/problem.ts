/** The server's `application/problem+json`, read back into the error that it was. */
import type { Answer } from './answer.ts';
import { refusal } from './come-again.ts';
import { addressOf } from './connection-problem.ts';
import { ERRORS, JobschedError, type ErrorCode } from '../errors.ts';

/** A problem is a few sentences; more than this is something else, and not read to its end. */
const MOST_BYTES = 256 * 1024;

/** Reads the body of a response whose status is 400 or more. */
export async function problemFromResponse(answer: Answer, server: URL): Promise<JobschedError> {
  const problem = parse(await readSome(answer));
  if (problem === null) return strangerError(answer.statusCode, server);
  const error = toError(problem, answer);
  return isNoApi(error, server) ? noApiError(error, server) : error;
}

/** Every path that is asked for is one of the API: below a path of the address's own, there is none of them. */
function isNoApi({ code, message }: JobschedError, server: URL): boolean {
  return (
    code === 'not_found' && server.pathname !== '/' && message.startsWith(`there is nothing at ${server.pathname}`)
  );
}

function noApiError(cause: JobschedError, server: URL): JobschedError {
  const message = `what answers at ${addressOf(server)} has no jobsched API there`;
  return new JobschedError('server_unreachable', message, { hint: `Try --server ${server.origin}`, cause });
}

/** For an answer that no jobsched gives: something else listens there, or a proxy spoke for it. */
export function strangerError(status: number, server: URL): JobschedError {
  return new JobschedError('server_error', `${addressOf(server)} answered ${status}, but not as jobsched does`, {
    hint: 'Is it the address of a jobsched server? Name another with --server URL or JOBSCHED_SERVER.',
  });
}

function toError(problem: Readonly<Record<string, unknown>>, answer: Answer): JobschedError {
  const { statusCode: status, headers } = answer;
  const field = (name: string): string | null => {
    const value = problem[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const hint = field('hint');
  const at = field('field');
  const details = { ...(hint !== null && { hint }), ...(at !== null && { field: at }) };
  const sentence = field('detail') ?? field('title') ?? `status ${status}`;
  return refusal(codeOf(field('code'), status), sentence, details, headers['retry-after']);
}

/** A newer server may have codes that we do not know: then the status says which kind it is. */
function codeOf(code: string | null, status: number): ErrorCode {
  if (code !== null && Object.hasOwn(ERRORS, code)) return code as ErrorCode;
  if (status === 404) return 'not_found';
  if (status === 429) return 'too_many_requests';
  return status >= 500 ? 'server_error' : 'invalid_request';
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('code' in value || 'detail' in value)) return null;
    return { ...value };
  } catch {
    return null;
  }
}

async function readSome(answer: Answer): Promise<string> {
  const pieces: Buffer[] = [];
  let total = 0;
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      pieces.push(piece);
      total += piece.length;
      if (total > MOST_BYTES) break;
    }
  } catch {
    // The connection broke within the error: its status and what came of it must do.
  }
  return Buffer.concat(pieces).toString('utf8');
}
