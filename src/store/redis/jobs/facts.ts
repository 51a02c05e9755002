/**
 * What scripts have to know of a definition, in front of it: so that no script reads JSON, and every policy is thought out
 * once, in the domain.
 *
 *   kind | name | queue | priority | overlap | late after | lost after | lost retries | output limit | definition
 *
 * What is usual is empty. None of the fields can hold a `|`; the definition may, being the last. `d:<job>` has the job's
 * seq in front of all that, which a script puts there. Before the definition, which begins with a brace, is the mark of
 * the call that wrote it: two calls never write the same text.
 */
import { decodeDefinition, encodeDefinition } from '../../../domain/definition-json.ts';
import type { JobDefinition } from '../../../domain/job.ts';
import { retriesLost } from '../../../domain/retry.ts';
import { callMark } from '../link/call-mark.ts';

/** Seconds and bytes that an empty field means. They never change, as those of `definition-json.ts`. */
export const USUAL_LOST_AFTER = 60;
export const USUAL_OUTPUT_LIMIT = 1024 * 1024;

const FIELDS = 9;

/** For one call: see `call-mark.ts`. */
export function encodeWithFacts(definition: JobDefinition): string {
  const { type, name, queue, priority, overlap, lateAfterSeconds, lostAfterSeconds, outputLimitBytes } = definition;
  const lostRetries = retriesLost(definition, 1) ? definition.retries : 0;
  return [
    type === 'cron' ? 'c' : 'o',
    name,
    unusual(queue, 'default'),
    unusual(priority, 0),
    unusual(overlap, 'skip'),
    lateAfterSeconds,
    unusual(lostAfterSeconds, USUAL_LOST_AFTER),
    unusual(lostRetries, 0),
    unusual(outputLimitBytes, USUAL_OUTPUT_LIMIT),
    `${callMark()}${encodeDefinition(definition)}`,
  ].join('|');
}

/** From what `d:<job>` holds. @throws Error for anything else. */
export function decodeStored(text: string): { readonly seq: number; readonly definition: JobDefinition } {
  let at = text.indexOf('|');
  const seq = Number(text.slice(0, at));
  for (let field = 0; field < FIELDS; field++) at = text.indexOf('|', at + 1);
  return { seq, definition: decodeDefinition(text.slice(text.indexOf('{', at))) };
}

function unusual<T>(value: T, usual: T): T | null {
  return value === usual ? null : value;
}
