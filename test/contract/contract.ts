/** The one loop: every part of the suite runs on every engine. */
import { describe, test, type TestAPI } from 'vitest';
import { ENGINES, ENGINES_AND_WAYS, type Engine } from './engines.ts';
import { World } from './world.ts';

type Cases = (it: TestAPI<{ world: World }>) => void;

/** @param cases declares tests with the `it` it is given: each gets a `world` of its own, empty and open. */
export function contract(subject: string, cases: Cases): void {
  onEach(ENGINES, subject, cases);
}

/** The same also on engines that are reached in another way, for which some parts stand for the whole suite. */
export function contractAllWays(subject: string, cases: Cases): void {
  onEach(ENGINES_AND_WAYS, subject, cases);
}

function onEach(engines: readonly Engine[], subject: string, cases: Cases): void {
  for (const engine of engines) {
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
