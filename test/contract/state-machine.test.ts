/** Random histories on every engine: whatever is called in whatever order, the invariants hold after every call. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { ENGINES } from './engines.ts';
import { Invariants } from './machine/invariants.ts';
import { EFFORT, TIMEOUT } from './machine/effort.ts';
import { Machine } from './machine/machine.ts';
import { histories } from './machine/step.ts';

for (const engine of ENGINES) {
  describe(`any history (${engine.name})`, () => {
    it('keeps every invariant, and every run can come to its end', { timeout: TIMEOUT }, async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (steps) => {
          const opened = await engine.open();
          try {
            const machine: Machine = new Machine(opened, { after: (call) => invariants.check(call) });
            const invariants = new Invariants(machine);
            await machine.play(steps);
            invariants.checkSlots();
            await machine.drain();
            invariants.checkAllFinal();
          } finally {
            await opened.dispose();
          }
        }),
        EFFORT,
      );
    });
  });
}
