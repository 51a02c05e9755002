import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, MOST_WAITING, OVERLAPS } from './overlap.ts';

describe('admit', () => {
  it.each([
    { policy: 'skip', live: 0, waiting: 0, expected: { kind: 'admit' } },
    { policy: 'skip', live: 1, waiting: 0, expected: { kind: 'skip', reason: 'overlap' } },
    { policy: 'queue', live: 0, waiting: 0, expected: { kind: 'admit' } },
    { policy: 'queue', live: 1, waiting: 0, expected: { kind: 'wait' } },
    { policy: 'queue', live: 1, waiting: MOST_WAITING - 1, expected: { kind: 'wait' } },
    { policy: 'queue', live: 1, waiting: MOST_WAITING, expected: { kind: 'skip', reason: 'overlap_full' } },
    { policy: 'replace', live: 0, waiting: 0, expected: { kind: 'admit' } },
    { policy: 'replace', live: 1, waiting: 0, expected: { kind: 'replace' } },
    { policy: 'replace', live: 1, waiting: 1, expected: { kind: 'replace' } },
    { policy: 'allow', live: 0, waiting: 0, expected: { kind: 'admit' } },
    { policy: 'allow', live: 9, waiting: 9, expected: { kind: 'admit' } },
  ] as const)('$policy with $live live and $waiting waiting: $expected.kind', ({ policy, live, waiting, expected }) => {
    expect(admit(policy, live, waiting)).toEqual(expected);
  });

  it('never lets a second run live beside another unless all may', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OVERLAPS), fc.nat(300), fc.nat(300), (policy, live, waiting) => {
        fc.pre(live > 0 && policy !== 'allow');
        expect(admit(policy, live, waiting).kind).not.toBe('admit');
      }),
    );
  });

  it('never lets a run pass those that wait', () => {
    fc.assert(
      fc.property(fc.constantFrom('queue', 'replace', 'skip'), fc.integer({ min: 1, max: 300 }), (policy, waiting) => {
        expect(admit(policy, 0, waiting).kind).not.toBe('admit');
      }),
    );
  });
});
