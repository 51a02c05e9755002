import { expect, test } from 'vitest';
import { path, withQuery } from './path.ts';

test('what a caller puts into a path stays one part of it', () => {
  expect(path`/api/jobs/${'a/b?c'}/run`).toBe('/api/jobs/a%2Fb%3Fc/run');
});

test('a query has what was given, false as well', () => {
  const query = { status: ['failed', 'skipped'], tag: undefined, reason: [], late: false, limit: 0 };
  expect(withQuery('/api/runs', query)).toBe('/api/runs?status=failed%2Cskipped&late=false&limit=0');
  expect(withQuery('/api/runs', {})).toBe('/api/runs');
});
