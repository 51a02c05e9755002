/** What zod finds wrong, in words that follow the field's name: "retries" + "must be at least 0". */
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

export function issueWords(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', Number(issue.minimum));
    case 'too_big':
      return bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', Number(issue.maximum));
    case 'invalid_value':
      return `must be ${list(issue.values.map(String))}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? issue.message;
    case 'invalid_key':
      return issue.issues.map(issueWords).join(', and ');
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'must be a time such as 2026-11-24T02:00:00Z or 2026-11-24T03:00:00+01:00',
};

function bound(origin: string, how: string, limit: number): string {
  const number = limit.toLocaleString('en');
  if (origin === 'string') {
    return limit === 1 && how === 'at least' ? 'must not be empty' : `must be ${how} ${number} characters long`;
  }
  if (origin === 'array') return `must have ${how} ${number} ${limit === 1 ? 'item' : 'items'}`;
  return `must be ${how} ${number}`;
}

function list(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
