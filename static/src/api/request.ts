/** One way to ask the server, and one kind of error for all that can go wrong with it. */
import type { FieldError, Problem } from '../../../src/http/schema/problem.ts';
import { href } from '../base.ts';
import { learnServerTime } from '../clock.ts';
import { loginNeeded } from './login-needed.ts';

/** What the server said, or that it said nothing. Its sentence and hint are made for people: show them as they are. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** Of the server's catalogue; `server_unreachable` when nothing answered. */
  readonly code: Problem['code'];
  /** HTTP status; 0 when nothing answered. */
  readonly status: number;
  /** What to do about it; null when there is nothing to say. */
  readonly hint: string | null;
  /** Every field at fault, spelt as in the body that was sent. */
  readonly fields: readonly FieldError[];

  constructor(status: number, problem: Pick<Problem, 'code' | 'detail' | 'hint' | 'field' | 'errors'>) {
    super(problem.detail);
    this.code = problem.code;
    this.status = status;
    this.hint = problem.hint ?? null;
    this.fields = problem.errors ?? (problem.field === undefined ? [] : [fieldError(problem.field, problem)]);
  }

  /** The same, with the names of fields as they are within a part of the body. */
  within(part: string): ApiError {
    const errors = this.fields.map(({ field, message, hint }) =>
      fieldError(field.replace(`${part}.`, ''), { detail: message, ...(hint !== undefined && { hint }) }),
    );
    const { status, code, message: detail, hint } = this;
    return new ApiError(status, { code, detail, errors, ...(hint !== null && { hint }) });
  }
}

function fieldError(field: string, { detail, hint }: Pick<Problem, 'detail' | 'hint'>): FieldError {
  return hint === undefined ? { field, message: detail } : { field, message: detail, hint };
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks and reads the JSON of the answer.
 * @param path below the base, such as `api/jobs`.
 * @throws ApiError; or the signal's reason when it aborts.
 */
export async function request<Answer>(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const answer = await open(method, path, options);
  return (answer.status === 204 ? undefined : await readJson(answer, options.signal)) as Answer;
}

/** Asks and hands over the answer once it is known to be a good one; its body is still to be read. Throws as {@link request}. */
export async function open(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
  // An answer to what was asked while nobody was logged in says nothing of whoever is by now.
  const wasNeeded = loginNeeded.peek();
  const answer = await send(method, path, options);
  learnServerTime(answer.headers.get('date'));
  if (answer.status === 401 && !wasNeeded) loginNeeded.value = true;
  if (!answer.ok) throw await problem(answer);
  return answer;
}

async function send(method: string, path: string, { body, signal, headers }: RequestOptions): Promise<Response> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const init: RequestInit = { method, headers: { accept: 'application/json', ...type, ...headers }, cache: 'no-store' };
  if (signal !== undefined) init.signal = signal;
  if (body !== undefined) init.body = JSON.stringify(body);
  try {
    return await fetch(href(path), init);
  } catch {
    signal?.throwIfAborted();
    throw unreachable();
  }
}

async function readJson(answer: Response, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    signal?.throwIfAborted();
    throw unreachable();
  }
}

function unreachable(): ApiError {
  return new ApiError(0, {
    code: 'server_unreachable',
    detail: 'The server does not answer.',
    hint: 'The page goes on by itself when it is back.',
  });
}

/** Reads application/problem+json; anything else, from a proxy say, becomes an error with its status. */
async function problem(answer: Response): Promise<ApiError> {
  const body: unknown = await answer.json().catch(() => null);
  if (isProblem(body)) return new ApiError(answer.status, body);
  return new ApiError(answer.status, { code: 'server_error', detail: `The server answered ${answer.status}.` });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
