/** The API in OpenAPI 3.1, made from the route table and the schemas that judge requests: it cannot say anything else. */
import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../errors.ts';
import { STATUS_OF_CODE } from '../reply/problem.ts';
import type { Route } from './route.ts';
import { outputLine } from '../schema/output.ts';
import { problem } from '../schema/problem.ts';
import { changeEvent } from '../schema/system.ts';

type Json = Readonly<Record<string, unknown>>;

/** Shown although no JSON body is one: they are lines and events of streams. */
const STREAMED = [outputLine, changeEvent];

/** What a path names, by its beginning. */
const NAMED_IN: readonly (readonly [start: string, description: string])[] = [
  ['/api/jobs/', "The job's name, its id, or at least the first 4 characters of its id."],
  ['/api/runs/', "The run's id, or `<job>#<number>` with the `#` written as `%23`."],
  ['/api/queues/', "The queue's name, a `:` in it also written as `%3A`."],
];

/** What any route can answer. */
const ALWAYS: readonly ErrorCode[] = [
  'invalid_request',
  'local_user_only',
  'host_not_allowed',
  'too_many_requests',
  'internal',
  'engine_unavailable',
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
  const schemas: Record<string, unknown> = {};
  const toSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => collect(schema, io, schemas);
  for (const schema of STREAMED) toSchema(schema, 'output');
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, toSchema);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'jobsched',
      version,
      description:
        'Runs shell commands once or on a schedule. JSON in snake_case, times in RFC 3339, errors as problem+json.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: ['jobs', 'runs', 'schedules', 'system'].map((name) => ({ name })),
    paths,
    components: { schemas: sorted(schemas) },
  };
}

type ToSchema = (schema: z.ZodType, io: 'input' | 'output') => Json;

function operation(route: Route, toSchema: ToSchema): Json {
  const { path, doc, query, body } = route;
  const parameters = [...pathParameters(path), ...queryParameters(query), ...headerParameters(doc.headers ?? {})];
  return {
    operationId: doc.id,
    tags: [doc.tag],
    summary: doc.summary,
    ...(doc.description !== undefined && { description: doc.description }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== null && {
      requestBody: {
        required: body.required,
        content: { 'application/json': { schema: oneOf(body.schemas.map((schema) => toSchema(schema, 'input'))) } },
      },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(doc.responses).map(([status, response]) => [
          status,
          {
            description: response.description,
            ...(response.schema && {
              content: {
                [response.mediaType ?? 'application/json']: { schema: toSchema(response.schema, 'output') },
              },
            }),
          },
        ]),
      ),
      ...problems(errorsOf(route), toSchema(problem, 'output')),
    },
  };
}

/** Every problem that a route can be answered with: none but these. */
export function errorsOf({ method, path, doc }: Route): ErrorCode[] {
  return [
    ...doc.errors,
    ...ALWAYS,
    ...(method === 'GET' ? [] : UNSAFE),
    ...(path.startsWith('/api/') ? (['cross_site'] as const) : []),
  ];
}

function pathParameters(path: string): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: NAMED_IN.find(([start]) => path.startsWith(start))?.[1],
    schema: { type: 'string' },
  }));
}

function queryParameters(query: z.ZodObject | null): Json[] {
  if (query === null) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = typeof property === 'object' ? property : {};
    // One value with commas, rather than the name again and again. Only lists ask for it.
    const explode = schema.type === 'array' ? false : undefined;
    return { name, in: 'query', required: false, description, explode, schema };
  });
}

function headerParameters(headers: Readonly<Record<string, string>>): Json[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
}

/** One entry for each status, naming its codes. */
function problems(codes: readonly ErrorCode[], schema: Json): Json {
  const byStatus = Map.groupBy(new Set(codes), (code) => STATUS_OF_CODE[code]);
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map((code) => `\`${code}\`: ${ERRORS[code]}`).join(' '),
        content: { 'application/problem+json': { schema } },
      },
    ]),
  );
}

/** Schemas with an id go to the components, once; what is left of each is a reference. */
function collect(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, unknown>): Json {
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

function sorted(record: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => one.localeCompare(other, 'en')));
}
