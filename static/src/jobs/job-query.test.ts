import { expect, test } from 'vitest';
import { parseQuery, querySearch } from './job-query.ts';

test.each([
  ['', { status: '', text: '' }],
  ['?q=a+%26+b', { status: '', text: 'a & b' }],
  ['?status=failed', { status: 'failed', text: '' }],
  ['?q=x&status=paused', { status: 'paused', text: 'x' }],
])('%j', (search, query) => {
  expect(parseQuery(search)).toEqual(query);
  expect(querySearch(query)).toBe(search);
});

test('what is no filter of ours is left out', () => {
  expect(parseQuery('?status=toString&page=2')).toEqual({ status: '', text: '' });
  expect(parseQuery(`?q=${'x'.repeat(300)}`).text).toHaveLength(200);
});
