import { expect, test } from 'vitest';
import { takesColor, widthOf, type Screen } from './terminal.ts';

const terminal = { isTTY: true };
const pipe = {};

test.each([
  [terminal, undefined, {}, true],
  [pipe, undefined, {}, false],
  [terminal, 'auto', {}, true],
  [terminal, undefined, { NO_COLOR: '1' }, false],
  [terminal, undefined, { NO_COLOR: '' }, true],
  [terminal, undefined, { TERM: 'dumb' }, false],
  [pipe, undefined, { FORCE_COLOR: '1' }, true],
  [pipe, undefined, { FORCE_COLOR: '' }, true],
  [terminal, undefined, { FORCE_COLOR: '0' }, false],
  [pipe, undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  [pipe, undefined, { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  [terminal, 'never', {}, false],
  [pipe, 'always', { NO_COLOR: '1' }, true],
] as const)('colour on %j with --color %s in %j: %s', (screen, flag, env, expected) => {
  expect(takesColor(screen, { flag, env })).toBe(expected);
});

test('only a terminal has an edge', () => {
  expect(widthOf({ isTTY: true, columns: 120 } as Screen)).toBe(120);
  expect(widthOf({ isTTY: true } as Screen)).toBe(80);
  expect(widthOf({} as Screen)).toBe(Number.POSITIVE_INFINITY);
});
