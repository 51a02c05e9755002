import { describe, expect, it, test } from 'vitest';
import { clientOf, createRateLimit, isLoopback, TooManyRequests } from './rate-limit.ts';

function limited(rate: { perSecond: number; burst: number }, most?: number) {
  let now = 1_000;
  const limit = createRateLimit(rate, () => now, 'requests', most);
  /** @returns how many of so many are let through. */
  const ask = (times: number, client = 'a'): number => {
    let taken = 0;
    for (let each = 0; each < times; each += 1) {
      try {
        limit.take(client);
        taken += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(TooManyRequests);
      }
    }
    return taken;
  };
  return { limit, ask, pass: (ms: number) => (now += ms) };
}

describe('a rate limit', () => {
  it('lets a burst through, and then so many a second', () => {
    const { ask, pass } = limited({ perSecond: 10, burst: 5 });
    expect(ask(20)).toBe(5);
    pass(100);
    expect(ask(20)).toBe(1);
    pass(1_000);
    expect(ask(20)).toBe(5);
    expect(ask(20, 'b')).toBe(5);
  });

  it('says when there will be a token', () => {
    const { limit, pass } = limited({ perSecond: 1 / 6, burst: 1 });
    limit.take('a');
    pass(500);
    expect(() => limit.take('a')).toThrow(
      expect.objectContaining({ retryAfter: 6, code: 'too_many_requests' }) as Error,
    );
  });

  it('limits nothing when it is off', () => {
    expect(limited({ perSecond: 0, burst: 0 }).ask(10_000)).toBe(10_000);
  });

  it('knows only so many clients, and forgets the oldest of them', () => {
    const { ask, pass } = limited({ perSecond: 1, burst: 1 }, 100);
    for (let client = 0; client < 1_000; client += 1) expect(ask(1, String(client))).toBe(1);
    expect(ask(1, '999')).toBe(0);
    expect(ask(1, '0')).toBe(1);
    pass(10_000);
    expect(ask(1, '999')).toBe(1);
  });
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['fe80::', 'fe80:0:0:0'],
  ['', ''],
])('%s is of the client %s', (address, client) => expect(clientOf(address)).toBe(client));

test('this machine', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1'].every(isLoopback)).toBe(true);
  expect(['128.0.0.1', '::2', '', '10.127.0.1'].some(isLoopback)).toBe(false);
});
