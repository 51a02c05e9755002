import { expect, test } from 'vitest';
import { toggledList, withTyped } from './tokens.ts';

test('words before a colon that are filters are filters, the rest is looked for', () => {
  expect(withTyped({ status: 'failed', q: 'old' }, 'back up tag:nightly http://x  a:b', ['tag', 'queue'])).toEqual({
    status: 'failed',
    tag: 'nightly',
    q: 'back up http://x a:b',
  });
  expect(withTyped({ q: 'old' }, 'tag:x', ['tag'])).toEqual({ tag: 'x' });
  expect(withTyped({ tag: 'x' }, 'tag:', ['tag'])).toEqual({ tag: 'x', q: 'tag:' });
});

test('a value is put into a list or taken out of it', () => {
  expect([toggledList('', 'a'), toggledList('a', 'b'), toggledList('a,b', 'a'), toggledList('a', 'a')]).toEqual([
    'a',
    'a,b',
    'b',
    '',
  ]);
});
