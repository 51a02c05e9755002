/** The simulation as tests: many seeds, always the same ones in `npm test`, others each time in `npm run test:long`. */
import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { long } from '../support/long.ts';
import type { EngineName } from './engine.ts';
import { playSeeds } from './play-seeds.ts';
import { loadProduct } from './product.ts';
import { simulate } from './simulation.ts';
import { summaryOf } from './tally.ts';

const COUNT = long ? 4_000 : 100;
const FIRST = long ? randomInt(1_000_000_000) : 1;

export function testSeeds(engine: EngineName): void {
  test(
    `${COUNT} histories on ${engine} in which everything fails at times show nothing wrong`,
    async () => {
      const { histories, violations } = await playSeeds({
        engine,
        product: await loadProduct(),
        first: FIRST,
        count: COUNT,
      });
      console.log(`${engine} from seed ${FIRST}: ${summaryOf(histories)}`);
      expect(violations).toEqual([]);
    },
    // Far beyond what it takes, so that it means a history that hangs and not a busy machine.
    long ? 60 * MINUTE : 5 * MINUTE,
  );

  test('a seed tells the same history each time, and another seed another', async () => {
    const product = await loadProduct();
    const play = async (seed: number): Promise<string> => (await simulate({ engine, seed, product })).hash;
    const [once, again, other] = await Promise.all([play(FIRST), play(FIRST), play(FIRST + 1)]);
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  });
}
