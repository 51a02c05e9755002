/** A job's definition as YAML: what one would write in a file, without what is a default. */
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import { parse, stringify } from 'yaml';
import { draftBody, draftOf, FIELD_NAMES } from '../submit/draft.ts';

/** `name` and `type` are said, and cannot be changed. */
export function yamlOf(job: JobView): string {
  const { type, command, name: _, ...typed } = draftBody(draftOf(job));
  // The form has its own way to write variables, which is none of the text's.
  const rest = { ...typed, ...(typed.env !== undefined && { env: job.env }) };
  const body = { ...(job.name !== null && { name: job.name }), type, ...rest, command };
  return stringify(body, { lineWidth: 100 });
}

/**
 * The edit that a text means: every field that is not in it goes back to its default.
 *
 * @throws Error in words when it is no YAML, or no mapping.
 */
export function patchOf(text: string): Partial<NewJobBody> {
  const parsed: unknown = parse(text);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new Error('It is no mapping of fields to values.');
  }
  const rest = FIELD_NAMES.filter((name) => !Object.hasOwn(parsed, name) && name !== 'name');
  return { ...Object.fromEntries(rest.map((name) => [name, null])), ...parsed };
}
