/** What a request may say outside its body: in its path, its query and its headers. */
import { z } from 'zod';
import { LONGEST_REF } from '../lookup.ts';
import { queuePath } from '../schema/queue.ts';
import type { Json } from './openapi-document.ts';
import type { Route } from './route.ts';

const REF = { type: 'string', minLength: 1, maxLength: LONGEST_REF } as const;

/** What a path names, by its beginning. */
const NAMED_IN: readonly (readonly [start: string, description: string, schema: Json])[] = [
  [
    '/api/jobs/',
    "The job's name, its id, or at least the first 4 characters of its id.",
    { ...REF, examples: ['nightly', '0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10', '0199a6c2'] },
  ],
  [
    '/api/runs/',
    "The run's id, or `<job>#<number>` with the `#` written as `%23`.",
    { ...REF, examples: ['0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10.42', 'nightly#42'] },
  ],
  ['/api/keys/', "The key's name or its id.", { ...REF, examples: ['ci'] }],
  [
    '/api/queues/',
    "The queue's name, a `:` in it also written as `%3A`.",
    { ...schemaOf(queuePath.shape.name), examples: ['default', 'host:web-1'] },
  ],
  [
    '/api/workers/',
    "The worker's id, or its name while it lives.",
    { type: 'string', minLength: 1, maxLength: 300, examples: ['web-1', '7f5c2c0e-0c5d-4b53-a6d4-6f6f7c1f3f55'] },
  ],
];

/** What request headers may look like. */
const HEADER_SCHEMAS: Readonly<Record<string, Json>> = {
  'Idempotency-Key': {
    type: 'string',
    pattern: '^[\\x21-\\x7e]{1,255}$',
    examples: ['7f5c2c0e-0c5d-4b53-a6d4-6f6f7c1f3f55'],
  },
  // The longest that fits into the headers.
  'If-Range': {
    type: 'string',
    maxLength: 16_384,
    examples: ['"0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10.42.1.4711.both.0"'],
  },
  'If-Match': { type: 'string', maxLength: 16_384, examples: ['"3"'] },
  Range: { type: 'string', maxLength: 16_384, examples: ['bytes=0-999', 'bytes=-1000'] },
  'Last-Event-ID': { type: 'string', pattern: '^[0-9]{0,15}$', examples: ['1042'] },
};

export function parametersOf({ path, query, doc }: Route): Json[] {
  return [...inPath(path), ...inQuery(query), ...inHeaders(doc.headers ?? {})];
}

function inPath(path: string): Json[] {
  const named = NAMED_IN.find(([start]) => path.startsWith(start));
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: named?.[1],
    schema: named?.[2] ?? { type: 'string', minLength: 1 },
  }));
}

function inQuery(query: z.ZodObject | null): Json[] {
  if (query === null) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(query, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = typeof property === 'object' ? property : {};
    const parameter = { name, in: 'query', required: required.includes(name), description, schema };
    // One value with commas, rather than the name again and again. Only lists ask for it.
    return schema.type === 'array' ? Object.assign(parameter, { style: 'form', explode: false }) : parameter;
  });
}

function inHeaders(headers: Readonly<Record<string, string>>): Json[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: HEADER_SCHEMAS[name] ?? { type: 'string' },
  }));
}

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, description: __, ...rest } = z.toJSONSchema(schema);
  return rest;
}
