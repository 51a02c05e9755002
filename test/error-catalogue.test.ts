/** docs/errors.md says of every error what the code says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodeFor } from '../src/cli/exit-code.ts';
import { ERRORS, type ErrorCode } from '../src/errors.ts';
import { STATUS_OF_CODE } from '../src/http/reply/problem.ts';

/** Errors of a start or of the client: no request is answered with them. */
const NEVER_SENT: ReadonlySet<string> = new Set<ErrorCode>([
  'port_in_use',
  'address_unavailable',
  'data_in_use',
  'data_unwritable',
  'data_damaged',
  'data_lost',
  'invalid_config',
  'server_unreachable',
]);

const page = readFileSync(join(import.meta.dirname, '../docs/errors.md'), 'utf8');
const rows = [...page.matchAll(/^\| `(\w+)` \|(.*)\|$/gmu)].map(([, code = '', rest = '']) => {
  const [status = '', exit = '', meaning = '', advice = ''] = rest.split(' | ').map((cell) => cell.trim());
  return { code, status, exit, meaning, advice };
});

test('every code has its row, once, in the order of the catalogue', () => {
  expect(rows.map(({ code }) => code)).toEqual(Object.keys(ERRORS));
});

test.each(rows)('$code: meaning, status and exit code are those of the program', ({ code, ...row }) => {
  const known = code as ErrorCode;
  expect(row).toEqual({
    meaning: ERRORS[known],
    status: NEVER_SENT.has(code) ? '–' : String(STATUS_OF_CODE[known]),
    exit: String(exitCodeFor(known)),
    advice: expect.stringMatching(/^\S.*\.$/u) as string,
  });
});
