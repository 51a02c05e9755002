import { describe, expect, it } from 'vitest';
import { askedRange, withinLength } from './range.ts';

const range = (text: string, length: number, ifRange?: string): unknown => {
  const asked = askedRange({ range: text, ...(ifRange !== undefined && { 'if-range': ifRange }) }, '"a"');
  return asked === null ? 'all' : withinLength(asked, length);
};

describe('a range', () => {
  it.for<[text: string, length: number, expected: unknown]>([
    ['bytes=0-0', 10, { first: 0, last: 0 }],
    ['bytes=3-5', 10, { first: 3, last: 5 }],
    ['bytes=3-', 10, { first: 3, last: 9 }],
    ['bytes=3-99', 10, { first: 3, last: 9 }],
    ['bytes=-3', 10, { first: 7, last: 9 }],
    ['bytes=-99', 10, { first: 0, last: 9 }],
    ['bytes=10-', 10, null],
    ['bytes=-0', 10, null],
    ['bytes=0-', 0, null],
    ['bytes=-5', 0, null],
    ['bytes=5-3', 10, 'all'],
    ['bytes=-', 10, 'all'],
    ['bytes=0-1,3-4', 10, 'all'],
    ['lines=0-1', 10, 'all'],
    ['bytes=a-b', 10, 'all'],
    ['bytes=0-99999999999999999999', 10, 'all'],
    ['', 10, 'all'],
  ])('%s of %i bytes', ([text, length, expected]) => {
    expect(range(text, length)).toEqual(expected);
  });

  it('is for who has the same beginning', () => {
    expect(range('bytes=3-5', 10, '"a"')).toEqual({ first: 3, last: 5 });
    expect(range('bytes=3-5', 10, '"b"')).toBe('all');
    expect(range('bytes=3-5', 10, 'Wed, 21 Oct 2026 07:28:00 GMT')).toBe('all');
  });
});
