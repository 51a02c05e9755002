/** Many seeds on one engine: some at a time, since a history on Redis mostly waits for Redis. */
import type { EngineName } from './engine.ts';
import type { Product } from './product.ts';
import { simulate, type History } from './simulation.ts';

const AT_ONCE = 4;

export interface PlaySeeds {
  readonly engine: EngineName;
  readonly product: Product;
  readonly first: number;
  readonly count: number;
  /** Whether there is time for another one; the rest is not played. */
  readonly goOn?: () => boolean;
  /** Takes each at once. */
  readonly onViolation?: (violation: string) => void;
}

export interface Played {
  readonly histories: readonly History[];
  /** What was wrong, and how to see it again. */
  readonly violations: readonly string[];
}

export async function playSeeds(options: PlaySeeds): Promise<Played> {
  const { engine, product, first, count, goOn = () => true, onViolation = () => {} } = options;
  const histories: History[] = [];
  const violations: string[] = [];
  let next = first;
  const playOn = async (): Promise<void> => {
    while (next < first + count && goOn()) {
      const seed = next++;
      const history = await simulate({ engine, seed, product });
      histories.push(history);
      const found = history.violations.map((violation) => `${replay(engine, seed)}\n${violation}`);
      for (const violation of found) onViolation(violation);
      violations.push(...found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, playOn));
  return { histories, violations };
}

function replay(engine: EngineName, seed: number): string {
  return `npm run simulate -- --engine ${engine} --seed ${seed} --trace`;
}
