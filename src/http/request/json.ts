/** Reads JSON that somebody sent. */
import { isUtf8 } from 'node:buffer';
import { JobschedError } from '../../errors.ts';
import { fault, refusal } from './validate.ts';

/**
 * @throws JobschedError `invalid_request` for bytes that are no UTF-8, text that is no JSON or nested
 * more than 64 deep, and any `__proto__`: no
 * field is called that, and code that copies objects carelessly trips over it.
 */
export function readJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) {
    throw new JobschedError('invalid_request', 'the body is not valid UTF-8', {
      hint: 'Write the JSON in UTF-8; it can hold nothing else.',
    });
  }
  if (isTooDeep(bytes)) {
    throw new JobschedError('invalid_request', `the body is nested more than ${MOST_DEPTH} deep`, {
      hint: 'No field of jobsched is nested more than 4 deep.',
    });
  }
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

function hasProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto);
}

/** Nothing that is sent needs a tenth of it. */
const MOST_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `[` and `{` differ from each other by one bit, as `]` and `}` do. */
const CASE = 0x20;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Asked before anything else is: whatever walks through the value may then do it by recursion. */
function isTooDeep(bytes: Buffer): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfText(bytes, at);
    else if ((byte | CASE) === OPENING && ++depth > MOST_DEPTH) return true;
    else if ((byte | CASE) === CLOSING) depth -= 1;
  }
  return false;
}

/** @param start of its opening quote. @returns where its closing one is, or the end of the bytes. */
function endOfText(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}
