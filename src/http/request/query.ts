/** Reads the text behind the `?` of a path into the values that a schema of `schema/query.ts` asks for. */
import { z } from 'zod';
import { fault, refusal, validate, type Fault } from './validate.ts';

/**
 * Lists may be given as one value with commas, several times, or both. `follow`, `follow=1` and `follow=true` are one.
 *
 * @throws InvalidFields for an unknown, repeated or invalid parameter.
 */
export function readQuery<S extends z.ZodObject>(schema: S, text: string): z.output<S> {
  // Not an object: a parameter may be called __proto__.
  const given = new Map<string, unknown>();
  const faults: Fault[] = [];
  for (const [name, value] of new URLSearchParams(text)) {
    const kind = kindOf(schema, name);
    if (kind instanceof z.ZodArray) {
      // What is said a thousand times is looked for once.
      given.set(name, [...new Set([...listOf(given.get(name)), ...value.split(',').filter(Boolean)])]);
    } else if (given.has(name)) faults.push(fault(name, 'is given twice'));
    else given.set(name, convert(kind, value));
  }
  if (faults.length > 0) throw refusal(faults);
  return validate(schema, Object.fromEntries(given));
}

function kindOf(schema: z.ZodObject, name: string): unknown {
  const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
  return field instanceof z.ZodOptional ? field.unwrap() : field;
}

/** Text that does not convert stays text, so that the schema refuses it in its own words. */
function convert(kind: unknown, value: string): unknown {
  if (kind instanceof z.ZodBoolean) return BOOLEANS.get(value) ?? value;
  if (kind instanceof z.ZodNumber) return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return value;
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['', true],
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
