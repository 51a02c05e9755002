import { expect, test } from 'vitest';
import { apiFilter, bodyFilter, filterSearch, parseFilter, withFilter } from './filter.ts';

test.each([
  ['', {}],
  ['?q=a+%26+b', { q: 'a & b' }],
  ['?q=x&status=failed%2Ccancelled', { q: 'x', status: 'failed,cancelled' }],
])('%j', (search, filter) => {
  expect(parseFilter(search, ['q', 'status'])).toEqual(filter);
  expect(filterSearch(filter)).toBe(search);
});

test('what is no filter of the list is left out, and so is what is too long', () => {
  expect(parseFilter('?toString=1&page=2&q=', ['q'])).toEqual({});
  expect(parseFilter(`?q=${'x'.repeat(300)}`, ['q'])['q']).toHaveLength(200);
});

test('a value is set, and taken away by an empty one', () => {
  expect(withFilter({ q: 'x' }, 'status', 'failed')).toEqual({ q: 'x', status: 'failed' });
  expect(withFilter({ q: 'x', status: 'failed' }, 'status', '')).toEqual({ q: 'x' });
});

const now = Date.parse('2026-11-24T12:00:00Z');

test('how long ago becomes a time', () => {
  expect(apiFilter({ since: '24h', status: 'failed' }, now)).toEqual({
    since: '2026-11-23T12:00:00.000Z',
    status: 'failed',
  });
  expect(apiFilter({ since: '2026-11-01T00:00:00Z' }, now)).toEqual({ since: '2026-11-01T00:00:00.000Z' });
});

test.each(['never', 'last 5', '24 h', '2026-13-01'])(
  '%j is no time, and sent as it is for the server to refuse',
  (text) => {
    expect(apiFilter({ since: text, until: text }, now)).toEqual({ since: text, until: text });
    expect(bodyFilter({ until: text }, now)).toEqual({ until: text });
  },
);

test('in a body lists are lists and truths are truths, and what is neither true nor false stays', () => {
  const lists = { status: 'failed,cancelled', reason: 'exit' };
  expect(bodyFilter({ ...lists, late: 'false', since: '24h' }, now)).toEqual({
    status: ['failed', 'cancelled'],
    reason: ['exit'],
    late: false,
    since: '2026-11-23T12:00:00.000Z',
  });
  expect(bodyFilter({ late: 'perhaps' }, now)).toEqual({ late: 'perhaps' });
});
