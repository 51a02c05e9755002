/** Judges what was sent against its schema, and tells everything that is wrong with it at once. */
import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { issueWords } from './issue-words.ts';
import { LATER_FIELDS } from './later-fields.ts';
import { InvalidFields } from './problem.ts';
import type { FieldError } from './schema/problem.ts';

/** A field at fault, and the code it would have alone. */
export interface Fault extends FieldError {
  readonly code: Extract<ErrorCode, 'invalid_request' | 'invalid_schedule' | 'not_supported_yet'>;
}

export type Judged<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: Fault[] };

/** No request is told more than so many faults: 1,000 of them help nobody. */
const MOST_FAULTS = 50;

/** @param at where the value stands in the request, for the fields' names: `jobs[3]`, or nothing for the whole. */
export function judge<S extends z.ZodType>(schema: S, value: unknown, at = ''): Judged<z.output<S>> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const known = 'shape' in schema && isRecord(schema.shape) ? Object.keys(schema.shape) : [];
  const faults = result.error.issues.flatMap((issue) => toFaults(issue, at, known));
  return { ok: false, faults: faults.filter(isFirstOfField) };
}

/** @throws InvalidFields when the value is not valid. */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const judged = judge(schema, value);
  if (judged.ok) return judged.value;
  throw refusal(judged.faults);
}

/** The error that tells the faults. Its code is the first one's. */
export function refusal(faults: readonly Fault[]): InvalidFields {
  const told = faults.slice(0, MOST_FAULTS).map(({ code: _code, ...error }) => error);
  return new InvalidFields(faults[0]?.code ?? 'invalid_request', told);
}

export function fault(field: string, message: string, hint?: string): Fault {
  return { code: 'invalid_request', field, message, ...(hint !== undefined && { hint }) };
}

/** A field that breaks several rules is told of once: mending the first often mends the others. */
function isFirstOfField({ field }: Fault, index: number, all: readonly Fault[]): boolean {
  return all.findIndex((other) => other.field === field) === index;
}

/** `['jobs', 3, 'env', 'PATH']` as people write it: `jobs[3].env.PATH`. */
export function fieldName(path: readonly PropertyKey[], at = ''): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === 'number') return `${name}[${part}]`;
    return name === '' ? shortened(String(part)) : `${name}.${shortened(String(part))}`;
  }, at);
}

/** A field's name may come from the request: nobody needs a megabyte of it back. */
const shortened = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);

function toFaults(issue: z.core.$ZodIssue, at: string, known: readonly string[]): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownField(fieldName([...issue.path, key], at), key, known));
  }
  return [fault(fieldName(issue.path, at) || 'body', issueWords(issue))];
}

function unknownField(field: string, key: string, known: readonly string[]): Fault {
  if (LATER_FIELDS.has(key)) {
    return {
      code: 'not_supported_yet',
      field,
      message: 'belongs to a feature that is not built yet',
      hint: 'Leave it out.',
    };
  }
  const meant = didYouMean(key, known);
  return fault(field, 'is no field that jobsched knows', meant === null ? undefined : `Did you mean ${meant}?`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
