/** Requests made from the OpenAPI document: as it says, and not as it says. */
import fc from 'fast-check';
import { DOCUMENT, faultOf, type Operation } from '../support/described.ts';
import { EVIL_TEXTS, junk, spoiled, valuesOf } from './values.ts';

export interface FuzzRequest {
  /** `post /api/jobs`: as the document has it. */
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Whether the document allows it: what it does not must be refused. */
  readonly allowed: boolean;
}

/** A part of a request, and whether the document allows it. */
interface Part<Value> {
  readonly value: Value;
  readonly allowed: boolean;
}

type Schema = Readonly<Record<string, unknown>>;
type Parameter = NonNullable<Operation['parameters']>[number];

/** What is there to be asked for: jobs, runs and queues that the test has made. */
export interface Known {
  readonly jobs: readonly string[];
  readonly runs: readonly string[];
  readonly queues: readonly string[];
}

export function requests(known: Known): fc.Arbitrary<FuzzRequest> {
  const all = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => requestsOf(path, method, operation, known)),
  );
  return fc.oneof(...all);
}

function requestsOf(path: string, method: string, operation: Operation, known: Known): fc.Arbitrary<FuzzRequest> {
  const parameters = operation.parameters ?? [];
  const inPlace = (place: Parameter['in']): readonly Parameter[] => parameters.filter((each) => each.in === place);
  return fc
    .tuple(
      pathOf(path, inPlace('path'), known),
      queryOf(inPlace('query'), known),
      headersOf(inPlace('header')),
      bodyOf(operation, known),
    )
    .map(([at, query, headers, body]) => ({
      operation: `${method} ${path}`,
      method: method.toUpperCase(),
      path: at.value + query.value,
      headers: { ...headers.value, ...body.value.headers },
      body: body.value.bytes,
      allowed: [at, query, headers, body].every(({ allowed }) => allowed),
    }));
}

function pathOf(path: string, parameters: readonly Parameter[], known: Known): fc.Arbitrary<Part<string>> {
  const names = path.startsWith('/api/queues') ? known.queues : path.startsWith('/api/runs') ? known.runs : known.jobs;
  const values = parameters.map(({ schema }) =>
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: valuesOf(schema as Schema).map(String) },
      { weight: 1, arbitrary: fc.constantFrom(...EVIL_TEXTS, 'x'.repeat(150)) },
    ),
  );
  return fc.tuple(...values).map((chosen) => {
    let at = 0;
    const value = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent((chosen[at++] ?? '').toWellFormed()));
    return { value, allowed: parameters.every(({ schema }, index) => faultOf(schema, chosen[index]) === null) };
  });
}

function queryOf(parameters: readonly Parameter[], known: Known): fc.Arbitrary<Part<string>> {
  const one = (parameter: Parameter): fc.Arbitrary<readonly [string, string]> => {
    const valid = parameter.name === 'job' ? fc.constantFrom(...known.jobs) : valuesOf(parameter.schema as Schema);
    return fc
      .oneof({ weight: 6, arbitrary: valid }, { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...EVIL_TEXTS), junk) })
      .map((value) => [parameter.name, textOf(value)] as const);
  };
  const strange = fc.tuple(fc.constantFrom('limti', '__proto__', '', 'constructor', 'q[]'), fc.constantFrom('1', ''));
  const required = parameters.filter((parameter) => parameter.required);
  const optional = parameters.filter((parameter) => !parameter.required);
  return fc
    .tuple(
      fc
        .subarray([...optional], { maxLength: Math.min(4, optional.length) })
        .chain((some) => fc.tuple(...[...required, ...some].map(one))),
      fc.oneof({ weight: 12, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.tuple(strange) }),
    )
    .map(([given, more]) => {
      const all: (readonly [string, string])[] = [...given, ...more];
      const value =
        all.length === 0 ? '' : `?${new URLSearchParams(all.map(([name, text]) => [name, text])).toString()}`;
      return { value, allowed: more.length === 0 && given.every(([name, text]) => isAllowed(parameters, name, text)) };
    });
}

const textOf = (value: unknown): string =>
  (Array.isArray(value)
    ? value.map(textOf).join(',')
    : typeof value === 'string'
      ? value
      : (JSON.stringify(value) ?? '')
  ).toWellFormed();

function isAllowed(parameters: readonly Parameter[], name: string, text: string): boolean {
  const { schema } = parameters.find((parameter) => parameter.name === name) ?? {};
  if (schema === undefined) return false;
  const { type } = schema as Schema;
  // More is taken than the document says: `1`, and the name alone.
  if (type === 'boolean') return ['', '0', '1', 'true', 'false'].includes(text);
  if (type === 'array') return faultOf(schema, text.split(',').filter(Boolean)) === null;
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) && faultOf(schema, Number(text)) === null;
  return faultOf(schema, text) === null;
}

function headersOf(parameters: readonly Parameter[]): fc.Arbitrary<Part<Record<string, string>>> {
  const bad = ['\u00e9', ' ', 'x'.repeat(300), 'W/"1"', '"1", "2"', '*', '-1', '1e3', '9'.repeat(20)];
  const one = ({ schema }: Parameter): fc.Arbitrary<string | null> =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant(null) },
      {
        weight: 2,
        arbitrary: valuesOf(schema as Schema)
          .map((value) => String(value))
          .filter((text) => /^[\t\x20-\x7e]*$/.test(text)),
      },
      { weight: 1, arbitrary: fc.constantFrom(...bad) },
    );
  return fc.tuple(...parameters.map(one)).map((values) => {
    const given = parameters.flatMap(({ name, schema }, index) => {
      // White space around a value is none of it.
      const text = values[index]?.trim();
      return text === undefined
        ? []
        : [{ name: name.toLowerCase(), text, allowed: text === '' || faultOf(schema, text) === null }];
    });
    return {
      value: Object.fromEntries(given.map(({ name, text }) => [name, text])),
      allowed: given.every(({ allowed }) => allowed),
    };
  });
}

interface Sent {
  readonly bytes: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { 'content-type': 'application/json' };

function bodyOf({ requestBody }: Operation, known: Known): fc.Arbitrary<Part<Sent>> {
  const none = { value: { bytes: null, headers: {} }, allowed: requestBody?.required !== true };
  if (requestBody === undefined) {
    // Nobody should send one. `{}` says nothing, and is taken.
    return fc.oneof(
      { weight: 8, arbitrary: fc.constant(none) },
      { weight: 1, arbitrary: junk.filter(isSome).map((value) => json(value, false)) },
    );
  }
  const { schema = true } = requestBody.content['application/json'] ?? {};
  const valid = named(valuesOf(schema as Schema), known);
  const judged = (value: unknown): Part<Sent> => json(value, faultOf(schema, withoutItems(value)) === null);
  return fc.oneof(
    { weight: 5, arbitrary: valid.map(judged) },
    { weight: 4, arbitrary: spoiled(valid).map(judged) },
    { weight: 1, arbitrary: junk.map(judged) },
    {
      weight: 1,
      arbitrary: fc.tuple(valid, fc.nat(1_000), fc.nat(4)).map(([value, at, how]) => mangled(value, at, how)),
    },
    { weight: 1, arbitrary: fc.constant(none) },
  );
}

/** Each of many jobs is refused for itself: what it says does not make the request one that is not allowed. */
function withoutItems(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('jobs' in value) || !Array.isArray(value.jobs)) return value;
  return { ...value, jobs: value.jobs.map(() => ({ command: 'true' })) };
}

/** Those that name something do so half the time. */
function named(values: fc.Arbitrary<unknown>, known: Known): fc.Arbitrary<unknown> {
  const ids = fc.tuple(fc.constantFrom(...known.jobs), fc.constantFrom(...known.runs));
  return fc.tuple(values, fc.option(ids)).map(([value, some]) => {
    const hasIds = typeof value === 'object' && value !== null && 'ids' in value;
    if (hasIds && some !== null) value.ids = some;
    return value;
  });
}

const isSome = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || Object.keys(value).length > 0 || Array.isArray(value);

const json = (value: unknown, allowed: boolean): Part<Sent> => ({
  value: { bytes: Buffer.from(JSON.stringify(value) ?? 'null'), headers: JSON_TYPE },
  allowed,
});

/** Bytes that are no JSON, or not said to be. */
function mangled(value: unknown, at: number, how: number): Part<Sent> {
  const bytes = Buffer.from(JSON.stringify(value));
  const cut = bytes.subarray(0, at % bytes.length);
  const sent = [
    { bytes: Buffer.concat([cut, Buffer.from([0xff, 0xfe])]), headers: JSON_TYPE },
    { bytes: Buffer.concat([bytes, Buffer.from('{}')]), headers: JSON_TYPE },
    { bytes, headers: { 'content-type': 'text/plain' } },
    { bytes, headers: { 'content-type': 'application/json; charset=latin1' } },
    { bytes: Buffer.concat([Buffer.from('\ufeff'), bytes]), headers: {} },
  ][how];
  return { value: sent ?? { bytes, headers: {} }, allowed: false };
}
