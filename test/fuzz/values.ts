/** Values that a JSON Schema of the OpenAPI document allows, and ways to spoil them. */
import fc from 'fast-check';
import { DOCUMENT } from '../support/described.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Longer ones say no more. */
const LONGEST_TEXT = 60;
const MOST_ITEMS = 4;
const MOST_OPTIONAL = 5;

/** What has broken programs before: of names, paths, markup, terminals, templates, numbers and encodings. */
export const EVIL_TEXTS = [
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e',
  '\u001b[31m',
  '\r\nSet-Cookie: a=b',
  '../../etc/passwd',
  '%2e%2e%2f',
  '%00',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '${jndi:ldap://127.0.0.1}',
  '__proto__',
  'constructor',
  'toString',
  '1e999',
  '-0',
  '９',
  'null',
  '💥'.repeat(20),
  'x'.repeat(300),
  '* * * * *',
  '0 0 30 2 *',
  `${'0,'.repeat(400)}0 * * * *`,
  '@every 0s',
  '@every 9999999999999d',
];

const evil = fc.constantFrom(...EVIL_TEXTS);

export function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  const made = valuesOfKind(schema);
  const { examples } = schema;
  return Array.isArray(examples) ? fc.oneof(fc.constantFrom<unknown>(...(examples as unknown[])), made) : made;
}

function valuesOfKind(schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, const: only, enum: some, anyOf, oneOf, type } = schema;
  if (typeof $ref === 'string') return valuesOf(DOCUMENT.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(some)) return fc.constantFrom<unknown>(...(some as unknown[]));
  const choices = anyOf ?? oneOf;
  if (Array.isArray(choices)) return fc.oneof(...(choices as Schema[]).map(valuesOf));
  switch (type) {
    case 'string':
      return texts(schema);
    case 'integer':
      return fc.integer({ min: limit(schema, 'minimum', -1e9), max: limit(schema, 'maximum', 1e9) });
    case 'number':
      return fc.double({ min: limit(schema, 'minimum', -1e9), max: limit(schema, 'maximum', 1e9), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return lists(schema);
    case 'object':
      return objects(schema);
    default:
      return fc.jsonValue();
  }
}

function texts(schema: Schema): fc.Arbitrary<string> {
  const { format, pattern } = schema;
  if (format === 'date-time') {
    const [min, max] = [new Date('1970-01-01T00:00:00Z'), new Date('9999-12-31T00:00:00Z')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (format === 'uuid') return fc.uuid();
  const minLength = limit(schema, 'minLength', 0);
  const maxLength = Math.min(limit(schema, 'maxLength', LONGEST_TEXT), LONGEST_TEXT);
  if (typeof pattern === 'string') return matching(pattern).filter((text) => text.length >= minLength);
  return fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.string({ unit: 'binary', minLength, maxLength: Math.max(minLength, Math.floor(maxLength / 2)) }),
  );
}

/** Patterns that leave out some of all characters take seconds to write backwards: of these come words that match. */
function matching(pattern: string): fc.Arbitrary<string> {
  const regex = new RegExp(pattern, 'u');
  const words = fc.string({ unit: fc.constantFrom(...'abcXYZ019_.-:@/'.split('')), minLength: 1, maxLength: 12 });
  const found = words.filter((word) => regex.test(word));
  return /\[\^|\\S/.test(pattern) ? found : fc.oneof(fc.stringMatching(regex, { maxLength: 300 }), found);
}

function lists({ items, uniqueItems, ...schema }: Schema): fc.Arbitrary<unknown[]> {
  const minLength = limit(schema, 'minItems', 0);
  const maxLength = Math.max(minLength, MOST_ITEMS);
  const each = valuesOf((items ?? {}) as Schema);
  return uniqueItems === true
    ? fc.uniqueArray(each, { minLength, maxLength })
    : fc.array(each, { minLength, maxLength });
}

/** All that it must have, and a few of what it may. */
function objects(schema: Schema): fc.Arbitrary<object> {
  const { properties = {}, required = [], propertyNames, additionalProperties } = schema;
  if (typeof additionalProperties === 'object' && additionalProperties !== null) {
    const names =
      propertyNames === undefined ? fc.string() : (valuesOf(propertyNames as Schema) as fc.Arbitrary<string>);
    return fc.dictionary(names, valuesOf(additionalProperties as Schema), { maxKeys: MOST_ITEMS });
  }
  const fields = Object.fromEntries(
    Object.entries(properties as Record<string, Schema>).map(([name, of]) => [name, valuesOf(of)]),
  );
  const needed = required as readonly string[];
  const optional = Object.keys(fields).filter((name) => !needed.includes(name));
  return fc
    .subarray(optional, { maxLength: Math.min(MOST_OPTIONAL, optional.length) })
    .chain((chosen) =>
      fc.record(Object.fromEntries([...needed, ...chosen].map((name) => [name, fields[name] ?? fc.constant(0)]))),
    );
}

const limit = (schema: Schema, name: string, otherwise: number): number => {
  const value = schema[name];
  return typeof value === 'number' ? value : otherwise;
};

/** JSON of any kind. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  evil,
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 1e21, -1e308, [], {}, [[]], { a: { b: {} } }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.integer({ min: 1, max: 100 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
);

const NAMES = [...EVIL_TEXTS, 'comand', 'user', 'notify', 'id', 'status', 'Command', 'x'.repeat(5_000)];

/** One thing of a value made wrong, somewhere. */
export function spoiled(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(
      values,
      fc.array(fc.nat(50), { minLength: 3, maxLength: 3 }),
      fc.constantFrom('replace', 'add', 'drop'),
      junk,
      fc.constantFrom(...NAMES),
    )
    .map(([value, route, how, other, name]) => spoil(value, route, how, other, name));
}

function spoil(
  value: unknown,
  [turn = 0, ...route]: readonly number[],
  how: string,
  other: unknown,
  name: string,
): unknown {
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[turn % (keys.length + 1)];
  if (Array.isArray(value)) {
    return (value as unknown[]).map((item, index) =>
      String(index) === key ? spoil(item, route, how, other, name) : item,
    );
  }
  const entries = new Map<string, unknown>(Object.entries(value));
  if (how === 'drop' && key !== undefined) entries.delete(key);
  else if (how === 'replace' && key !== undefined) entries.set(key, spoil(entries.get(key), route, how, other, name));
  else entries.set(name, other);
  // Also `__proto__` becomes a field of its own.
  return Object.fromEntries(entries);
}
