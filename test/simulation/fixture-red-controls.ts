/**
 * A process of its own: for every guard of an engine, what seed first shows that it is missing, a line of JSON each.
 *
 *   node test/simulation/fixture-red-controls.ts sqlite 200 [guard…]
 */
import { ENGINE_NAMES } from './engine.ts';
import { loadMutant } from './load-mutant.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { simulate } from './simulation.ts';

/** How the absence of a guard was noticed. */
export interface Noticed {
  /** The guard that was missing. */
  readonly mutant: string;
  /** Null: by none. */
  readonly seed: number | null;
  /** The first thing that was wrong. */
  readonly violation: string;
}

const [name, most = '1', ...guards] = process.argv.slice(2);
const engine = ENGINE_NAMES.find((known) => known === name) ?? ENGINE_NAMES[0];
const isWanted = (mutant: Mutant): boolean => guards.length === 0 || guards.includes(mutant.name);
const wanted = MUTANTS.filter((mutant) => mutant.engines.includes(engine) && isWanted(mutant));

for (const mutant of wanted) console.log(JSON.stringify(await firstNoticed(mutant)));
// Redis is still there.
process.exit();

async function firstNoticed(mutant: Mutant): Promise<Noticed> {
  const product = await loadMutant(mutant);
  const kinds = mutant.against ? { kinds: mutant.against } : {};
  for (let seed = 1; seed <= Number(most); seed += 1) {
    const { violations } = await simulate({ engine, seed, product, ...kinds });
    const [violation] = violations;
    if (violation !== undefined) return { mutant: mutant.name, seed, violation };
  }
  return { mutant: mutant.name, seed: null, violation: '' };
}
