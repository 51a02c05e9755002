/** Judges what was sent against its schema, and tells everything that is wrong with it at once. */
import type { z } from 'zod';
import type { ErrorCode } from '../../errors.ts';
import { createSuggest, type Suggest } from './did-you-mean.ts';
import { issueWords } from './issue-words.ts';
import { LATER_FIELDS } from './later-fields.ts';
import { InvalidFields } from '../reply/problem.ts';
import type { FieldError } from '../schema/problem.ts';

/** A field at fault, and the code it would have alone. */
export interface Fault extends FieldError {
  readonly code: Extract<ErrorCode, 'invalid_request' | 'invalid_schedule' | 'not_supported_yet'>;
}

export type Judged<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `all`: whether no other field is at fault. */
  | { readonly ok: false; readonly faults: Fault[]; readonly all: boolean };

/** No request, and no job of a bulk request, is told more faults than this: 1,000 of them help nobody. */
const MOST_FAULTS = 50;

/** Any object that is sent has at most so many entries; `env` may have the most. */
const MOST_ENTRIES = 200;

/** Any list that is sent has at most so many items; that of a bulk request may have the most. */
const MOST_LIST_ITEMS = 1_000;

export interface Judging {
  /** Where the value stands in the request, for the fields' names: `jobs[3]`. Default: it is the whole. */
  readonly at?: string;
  /** What suggests a field for one that is unknown. Default: one of its own. */
  readonly suggest?: Suggest;
}

/**
 * Judges a value. However wrong it is, little work is done: what is too big is not looked into, and faults are looked
 * for only until there are more than can be told.
 */
export function judge<S extends z.ZodType>(schema: S, value: unknown, judging: Judging = {}): Judged<z.output<S>> {
  const { at = '', suggest = createSuggest() } = judging;
  const crowded = firstCrowded(value, at);
  if (crowded !== null) return { ok: false, faults: [crowded], all: false };
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const known = 'shape' in schema && isRecord(schema.shape) ? Object.keys(schema.shape) : [];
  const unknown = (field: WrongField): Fault => unknownField(field, known, suggest);
  const faults = firstFaults(result.error.issues, at, unknown);
  return { ok: false, faults, all: faults.length <= MOST_FAULTS };
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
  return new InvalidFields(faults[0]?.code ?? 'invalid_request', told, faults.length > MOST_FAULTS);
}

export function fault(field: string, message: string, hint?: string): Fault {
  return { code: 'invalid_request', field, message, ...(hint !== undefined && { hint }) };
}

/**
 * The faults of the issues, one a field: a field that breaks several rules is told of once, since mending the first often
 * mends the others. One more than can be told, when there are so many, says that there are.
 */
function firstFaults(issues: readonly z.core.$ZodIssue[], at: string, unknown: (field: WrongField) => Fault): Fault[] {
  const faults = new Map<string, Fault>();
  for (const each of wrongFields(issues, at)) {
    if (faults.has(each.field)) continue;
    faults.set(each.field, each.issue === null ? unknown(each) : fault(each.field, issueWords(each.issue)));
    if (faults.size > MOST_FAULTS) break;
  }
  return [...faults.values()];
}

/** A field at fault: unknown when there is no issue of its own. */
interface WrongField {
  readonly field: string;
  readonly key: string;
  readonly issue: z.core.$ZodIssue | null;
}

function* wrongFields(issues: readonly z.core.$ZodIssue[], at: string): Generator<WrongField> {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) yield { field: fieldName([...issue.path, key], at), key, issue: null };
    } else yield { field: fieldName(issue.path, at) || 'body', key: '', issue };
  }
}

/** The value itself, or what it holds, when it has more entries than anything of ours can. */
function firstCrowded(value: unknown, at: string): Fault | null {
  const itself = crowding(value);
  if (itself !== null) return fault(at || 'body', itself);
  if (!isRecord(value)) return null;
  for (const [key, inner] of Object.entries(value)) {
    const words = crowding(inner);
    if (words !== null) return fault(fieldName([key], at), words);
  }
  return null;
}

function crowding(value: unknown): string | null {
  if (Array.isArray(value)) {
    return value.length > MOST_LIST_ITEMS ? `must have at most ${MOST_LIST_ITEMS.toLocaleString('en')} items` : null;
  }
  return isRecord(value) && Object.keys(value).length > MOST_ENTRIES
    ? `must have at most ${MOST_ENTRIES} entries`
    : null;
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

/** Fields to come are a job's: elsewhere they are as unknown as any. */
function unknownField({ field, key }: WrongField, known: readonly string[], suggest: Suggest): Fault {
  const isOfJob = known.includes('command') || known.includes('changes');
  if (isOfJob && LATER_FIELDS.has(key)) {
    return {
      code: 'not_supported_yet',
      field,
      message: 'belongs to a feature that is not built yet',
      hint: 'Leave it out.',
    };
  }
  const suggested = suggest(key, known);
  return fault(field, 'is no field that jobsched knows', suggested === null ? undefined : `Did you mean ${suggested}?`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
