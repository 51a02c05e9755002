/** The API in OpenAPI 3.1, made from the route table and the schemas that judge requests: it cannot say anything else. */
import { z } from 'zod';
import type { ErrorCode } from '../../errors.ts';
import type { Route } from './route.ts';
import { EXAMPLES } from './openapi-examples.ts';
import { parametersOf } from './openapi-parameters.ts';
import { GENERAL_RESPONSES, responsesOf } from './openapi-responses.ts';
import { HEADERS } from './openapi-headers.ts';
import { outputLine } from '../schema/output.ts';
import { problem } from '../schema/problem.ts';
import { changeEvent } from '../schema/system.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What a schema is in the document: a reference where it has a name. */
export type ToSchema = (schema: z.ZodType, io: 'input' | 'output') => Json;

/** Shown although no JSON body is one: they are lines and events of streams. */
const STREAMED = [outputLine, changeEvent];

const DESCRIPTION = `Runs shell commands once or on a schedule.

JSON in snake_case, times in RFC 3339, in UTC in replies. HEAD is answered as GET is, without the body. Every response has
an \`X-Request-Id\`, and \`Cache-Control: no-store\`. A response with status 400 or more is a problem as RFC 9457 has it, of type
\`application/problem+json\`: match on its \`code\`.

What belongs to no operation is answered as the components' responses say: \`NoSuchPath\` for a path that there is not,
\`WrongMethod\` for one that takes other methods, \`Malformed\` for what is not HTTP/1.1, and so on. Programs should be ready for codes and
fields that they do not know: later versions may add some.`;

/** Its `url` is another where there is a base path. */
export const SERVER = { url: '/', description: 'The server that gave this document.' } as const;

const TAGS = {
  jobs: 'What was asked for: a command, once or on a schedule.',
  runs: 'Occurrences of jobs, and what they wrote.',
  schedules: 'What a schedule means.',
  access: 'Who may ask: keys, sessions of pages, and who changed what.',
  system: 'Queues, workers, numbers, and whether all is well.',
} as const satisfies Record<Route['doc']['tag'], string>;

const SECURITY = {
  key: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key: `jsk_…`. `POST /api/keys` and `jobsched key create` make one. What is required is its role, or a higher one.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-jobsched',
    description:
      'The cookie that `POST /api/login` gives to a page. `__Secure-jobsched` below a base path, `jobsched` without TLS, ' +
      'each with a `-` and the port behind it where the address has one.',
  },
} as const;

/** What any route can answer. */
const ALWAYS: readonly ErrorCode[] = [
  'invalid_request',
  'local_user_only',
  'host_not_allowed',
  'too_many_requests',
  'timed_out',
  'internal',
  'engine_unavailable',
  'data_newer',
];
/** What any route can answer that has a body or changes something. */
const UNSAFE: readonly ErrorCode[] = [
  'body_too_large',
  'unsupported_media_type',
  'engine_read_only',
  'not_replicated',
  'engine_full',
];

export function openApiDocument(routes: readonly Route[], version: string): Json {
  const schemas: Record<string, Json> = {};
  const toSchema: ToSchema = (schema, io) => collect(schema, io, schemas);
  for (const schema of [...STREAMED, problem]) toSchema(schema, 'output');
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, toSchema);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'jobsched', version, description: DESCRIPTION, license: { name: 'MIT', identifier: 'MIT' } },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [SERVER],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: sorted(withExamples(schemas)),
      responses: GENERAL_RESPONSES,
      headers: HEADERS,
      securitySchemes: SECURITY,
    },
  };
}

function operation(route: Route, toSchema: ToSchema): Json {
  const { doc, body } = route;
  const parameters = parametersOf(route);
  return {
    operationId: doc.id,
    tags: [doc.tag],
    summary: doc.summary,
    ...(doc.description !== undefined && { description: doc.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== null && {
      requestBody: {
        required: body.required,
        content: contentOf(route.method, oneOf(body.schemas.map((schema) => toSchema(schema, 'input')))),
      },
    }),
    security: securityOf(route),
    responses: responsesOf(route, errorsOf(route), toSchema),
  };
}

function contentOf(method: Route['method'], schema: Json): Json {
  const types = ['application/json', ...(method === 'PATCH' ? ['application/merge-patch+json'] : [])];
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** Also nothing: on loopback the machine's own user needs no key. */
function securityOf({ access }: Route): readonly Json[] {
  return access === 'anyone' ? [] : [{ key: [access] }, { session: [access] }, {}];
}

/** Every problem that a route can be answered with: none but these. */
export function errorsOf({ method, path, access, action, doc }: Route): ErrorCode[] {
  return [
    ...doc.errors,
    ...ALWAYS,
    ...(access === 'anyone' ? [] : (['unauthorized'] as const)),
    ...(access === 'anyone' || access === 'viewer' ? [] : (['forbidden'] as const)),
    ...(action === null ? [] : (['read_only'] as const)),
    ...(method === 'GET' ? [] : UNSAFE),
    ...(path.startsWith('/api/') ? (['cross_site'] as const) : []),
  ];
}

/** Schemas with an id go to the components, once; what is left of each is a reference. */
function collect(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, Json>): Json {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io });
  delete root.$schema;
  for (const [name, definition] of Object.entries($defs)) schemas[name] = relocated(definition);
  return relocated(root);
}

function relocated(value: unknown): Json {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
}

function oneOf(schemas: readonly Json[]): Json {
  const [first] = schemas;
  return schemas.length === 1 && first !== undefined ? first : { oneOf: schemas };
}

function withExamples(schemas: Readonly<Record<string, Json>>): Record<string, Json> {
  const examples: Readonly<Record<string, readonly unknown[]>> = EXAMPLES;
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, { ...schema, examples: examples[name] }]),
  );
}

function sorted(record: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => one.localeCompare(other, 'en')));
}
