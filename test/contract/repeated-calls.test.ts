/** A reply can be lost, and the call is then sent again: two stores, one of which gets calls twice, end up the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENGINES, type Engine } from './engines.ts';
import { EFFORT, TIMEOUT } from './machine/effort.ts';
import { Machine } from './machine/machine.ts';
import { dump } from './machine/snapshot.ts';
import { histories, type Step } from './machine/step.ts';

for (const engine of ENGINES) {
  describe(`repeated calls (${engine.name})`, () => {
    it('change nothing', { timeout: TIMEOUT }, async () => {
      await fc.assert(
        fc.asyncProperty(histories, fc.array(fc.boolean(), { minLength: 1 }), async (steps, coins) => {
          let call = 0;
          const twice = (): boolean => coins[call++ % coins.length] === true;
          expect(await outcome(engine, steps, twice)).toEqual(await outcome(engine, steps, () => false));
        }),
        EFFORT,
      );
    });
  });
}

/** What the store shows after the history, and again after all runs have come to their end. */
async function outcome(engine: Engine, steps: readonly Step[], twice: () => boolean): Promise<object> {
  const opened = await engine.open();
  try {
    const machine = new Machine(opened, { twice });
    await machine.play(steps);
    const played = await dump(opened.store);
    await machine.drain();
    return { played, drained: await dump(opened.store) };
  } finally {
    await opened.dispose();
  }
}
