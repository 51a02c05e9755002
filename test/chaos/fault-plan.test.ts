import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { FAULT_KINDS, planFaults } from './fault-plan.ts';

const options = fc.record({
  seed: fc.integer(),
  duration: fc.integer({ min: 10 * SECOND, max: 30 * MINUTE }),
  servers: fc.integer({ min: 1, max: 5 }),
  workers: fc.integer({ min: 1, max: 5 }),
});

it('plans the same faults for the same seed, all of them within the time and of those that there are', () => {
  fc.assert(
    fc.property(options, (of) => {
      const faults = planFaults(of);
      expect(planFaults(of)).toEqual(faults);
      for (const { kind, at, lasts, target } of faults) {
        expect(at + lasts).toBeLessThanOrEqual(of.duration + 1);
        expect(target).toBeLessThan(kind.endsWith('server') ? of.servers : of.workers);
      }
    }),
  );
});

it('has each kind of fault at least twice in twenty minutes', () => {
  fc.assert(
    fc.property(options, (of) => {
      const faults = planFaults({ ...of, duration: 20 * MINUTE });
      for (const kind of FAULT_KINDS) expect(faults.filter((fault) => fault.kind === kind).length).toBeGreaterThan(1);
    }),
  );
});

it('has only the kinds that were asked for', () => {
  const faults = planFaults({ seed: 1, duration: MINUTE, servers: 3, workers: 3, kinds: ['kill redis'] });
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['kill redis']));
});
