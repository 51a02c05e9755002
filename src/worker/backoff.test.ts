import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.ts';

describe('Backoff', () => {
  it('doubles up to five seconds, and begins anew after a success', () => {
    const backoff = new Backoff(() => 1);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
    backoff.reset();
    expect(backoff.next()).toBe(100);
  });

  it('spreads each pause over its second half', () => {
    expect(new Backoff(() => 0).next()).toBe(50);
    expect(new Backoff(() => 0.5).next()).toBe(75);
  });
});
