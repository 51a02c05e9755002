/** Reads JSON that somebody sent. */
import { isUtf8 } from 'node:buffer';
import { JobschedError } from '../errors.ts';
import { fault, refusal } from './validate.ts';

/**
 * @throws JobschedError `invalid_request` for bytes that are no UTF-8, text that is no JSON, and any `__proto__`: no
 * field is called that, and code that copies objects carelessly trips over it.
 */
export function readJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new JobschedError('invalid_request', 'the body is not valid UTF-8');
  const text = bytes.toString('utf8');
  const value = parse(text);
  // An escape can spell any name; without one the name stands in the text.
  if ((text.includes('__proto__') || text.includes('\\u')) && hasProto(value)) {
    throw refusal([fault('__proto__', 'is no field that jobsched knows')]);
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 200) : '';
    throw new JobschedError('invalid_request', `the body is not valid JSON: ${why}`, {
      hint: 'In a shell, put the JSON in single quotes, or into a file: curl --json @job.json …',
    });
  }
}

/** Without recursion: a body may be nested half a million deep. */
function hasProto(value: unknown): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, '__proto__')) return true;
    for (const inner of Object.values(next)) left.push(inner);
  }
  return false;
}
