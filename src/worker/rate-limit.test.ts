import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/support/clock.ts';
import { RateLimit } from './rate-limit.ts';

describe('RateLimit', () => {
  it('gives so much at once and then so much a second', () => {
    const clock = fakeClock();
    const rate = new RateLimit(clock, 1_000, 300);
    expect(rate.allowance()).toBe(300);
    rate.spend(300);
    expect(rate.allowance()).toBe(0);
    clock.advance(100);
    expect(rate.allowance()).toBe(100);
    clock.advance(60_000);
    expect(rate.allowance()).toBe(300);
  });

  it('pays back what was spent beyond it', () => {
    const clock = fakeClock();
    const rate = new RateLimit(clock, 1_000, 300);
    rate.spend(800);
    expect(rate.allowance()).toBeLessThanOrEqual(0);
    clock.advance(600);
    expect(rate.allowance()).toBe(100);
  });
});
