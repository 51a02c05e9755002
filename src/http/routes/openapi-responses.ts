/** What an operation is answered with: what its route says, and the problems that it can meet. */
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { STATUS_OF_CODE } from '../reply/problem.ts';
import { problem } from '../schema/problem.ts';
import type { Json, ToSchema } from './openapi-document.ts';
import { headersOf, type HeaderName } from './openapi-headers.ts';
import type { ResponseDoc, Route } from './route.ts';

/** The statuses of what is no request of an operation, and is answered at its path all the same. */
const WRONG_METHOD = 405;
const HEADERS_TOO_LARGE = 431;

const PROBLEM = problem.meta()?.id ?? '';

/** What is answered before there is an operation. */
export const GENERAL_RESPONSES = {
  NoSuchPath: problemResponse(['not_found'], 'The path is none of the API. `hint` names the nearest one.'),
  WrongMethod: problemResponse(
    ['method_not_allowed'],
    'The path takes other methods: it was not this operation that was asked for.',
    ['Allow'],
  ),
  Unauthorized: problemResponse(['unauthorized'], 'Whatever the path below `/api/` is, it takes a key.'),
  Refused: problemResponse(['local_user_only', 'cross_site']),
  WrongHost: problemResponse(['host_not_allowed']),
  TooMany: problemResponse(['too_many_requests']),
  TooLate: problemResponse(['timed_out'], 'The request did not come in time. The connection is closed.'),
  Malformed: problemResponse(['invalid_request'], 'It is not HTTP/1.1. The connection is closed.'),
  HeadersTooLarge: problemResponse(
    ['invalid_request'],
    'The headers are larger than 16 KiB. The connection is closed.',
  ),
} as const;

export function responsesOf(route: Route, errors: readonly ErrorCode[], toSchema: ToSchema): Json {
  const responses: Record<string, Json> = {
    ...problems(errors),
    [WRONG_METHOD]: { $ref: '#/components/responses/WrongMethod' },
    [HEADERS_TOO_LARGE]: { $ref: '#/components/responses/HeadersTooLarge' },
  };
  for (const [status, doc] of Object.entries(route.doc.responses)) {
    responses[status] = merged(response(doc, toSchema), responses[status]);
  }
  return responses;
}

function response({ description, schema, mediaType, headers = [] }: ResponseDoc, toSchema: ToSchema): Json {
  const types = schema === undefined ? [] : [mediaType ?? 'application/json'].flat();
  const shape = schema && toSchema(schema, 'output');
  return {
    description,
    headers: headersOf(headers),
    ...(types.length > 0 && { content: Object.fromEntries(types.map((type) => [type, { schema: shape }])) }),
  };
}

/** One entry for each status, naming its codes. */
function problems(codes: readonly ErrorCode[]): Record<string, Json> {
  const byStatus = Map.groupBy(new Set(codes), (code) => STATUS_OF_CODE[code]);
  return Object.fromEntries([...byStatus].map(([status, same]) => [status, problemResponse(same)]));
}

/** A problem with one of these codes, which have one status. */
function problemResponse(
  codes: readonly ErrorCode[],
  description = codes.map((code) => `\`${code}\`: ${ERRORS[code]}`).join(' '),
  headers: readonly HeaderName[] = [],
): Json {
  const statuses = codes.map((code) => STATUS_OF_CODE[code]);
  const wantsKey = statuses.some((status) => status === 401);
  const mayComeBack = statuses.some((status) => status === 429 || status === 503);
  return {
    description,
    headers: headersOf([
      ...headers,
      ...(mayComeBack ? (['Retry-After'] as const) : []),
      ...(wantsKey ? (['WWW-Authenticate'] as const) : []),
    ]),
    content: {
      'application/problem+json': {
        schema: { $ref: `#/components/schemas/${PROBLEM}`, properties: { code: { enum: [...codes] } } },
      },
    },
  };
}

/** A status that a route gives a meaning of its own may be a problem as well: the media type tells which. */
function merged(own: Json, asProblem: Json | undefined): Json {
  if (asProblem === undefined) return own;
  return {
    description: `${String(own['description'])} Or a problem: ${String(asProblem['description'])}`,
    headers: { ...objectOf(own['headers']), ...objectOf(asProblem['headers']) },
    content: { ...objectOf(own['content']), ...objectOf(asProblem['content']) },
  };
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
