import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../domain/instant.ts';
import { LEASE } from '../store/leases.ts';
import { contactDeadlines } from './contact.ts';

describe('contactDeadlines', () => {
  it.each([
    { lostAfterSeconds: 60, killGraceSeconds: 10, term: 63, kill: 73 },
    { lostAfterSeconds: 0, killGraceSeconds: 10, term: 10, kill: 13 },
    { lostAfterSeconds: 0, killGraceSeconds: 0, term: 13, kill: 13 },
    { lostAfterSeconds: 60, killGraceSeconds: 600, term: 10, kill: 73 },
    { lostAfterSeconds: 3_600, killGraceSeconds: 30, term: 3_577.77, kill: 3_607.77 },
  ])(
    '$lostAfterSeconds s until lost, $killGraceSeconds s of grace: TERM at $term, KILL at $kill',
    ({ term, kill, ...policy }) => {
      expect(contactDeadlines(500, policy)).toEqual({ termAt: 500 + term * SECOND, killAt: 500 + kill * SECOND });
    },
  );

  it('never lets a command live until the decision, nor ends it before two renewals had their chance', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e6), fc.nat(1e6), (renewedAt, lostAfterSeconds, killGraceSeconds) => {
        const { termAt, killAt } = contactDeadlines(renewedAt, { lostAfterSeconds, killGraceSeconds });
        expect(termAt).toBeLessThanOrEqual(killAt);
        const decisionByAFastClock = (LEASE + lostAfterSeconds * SECOND) * 0.999;
        expect(killAt).toBeLessThan(renewedAt + decisionByAFastClock);
        expect(termAt).toBeGreaterThanOrEqual(renewedAt + 10 * SECOND);
      }),
    );
  });
});
