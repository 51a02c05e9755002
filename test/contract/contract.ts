/** The one loop: every part of the suite runs on every engine. */
import { describe, test, type TestAPI } from 'vitest';
import { ENGINES } from './engines.ts';
import { World } from './world.ts';

/** @param cases declares tests with the `it` it is given: each gets a `world` of its own, empty and open. */
export function contract(subject: string, cases: (it: TestAPI<{ world: World }>) => void): void {
  for (const engine of ENGINES) {
    describe(`${subject} (${engine.name})`, () => {
      const it = test.extend<{ world: World }>({
        // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs.
        world: async ({}, use) => {
          const opened = await engine.open();
          try {
            await use(new World(opened));
          } finally {
            await opened.dispose();
          }
        },
      });
      cases(it);
    });
  }
}
