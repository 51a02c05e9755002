/** Loads the product with its source changed: in a plain Node process, whose loader can be told to. */
import { registerHooks, type ModuleSource } from 'node:module';
import type { Mutant } from './mutants.ts';
import { loadProduct, type Product } from './product.ts';

const SRC = new URL('../../src/', import.meta.url).href;
const MARK = '?mutant=';

const mutants: Mutant[] = [];
const done = new Set<string>();

registerHooks({
  // Whatever a mutant imports of the product is a mutant too.
  resolve: (specifier, context, nextResolve) => {
    const resolved = nextResolve(specifier, context);
    const [, mark] = context.parentURL?.split(MARK) ?? [];
    const isOurs = resolved.url.startsWith(SRC) && !resolved.url.includes(MARK);
    return mark === undefined || !isOurs ? resolved : { ...resolved, url: resolved.url + MARK + mark };
  },
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context);
    const [file, mark] = url.split(MARK);
    const mutant = mutants[Number(mark ?? Number.NaN)];
    if (mutant === undefined || file === undefined) return loaded;
    return { ...loaded, source: mutate(mutant, file.slice(SRC.length), textOf(loaded.source)) };
  },
});

/** @throws Error when the source is not what the mutant was made for. */
export async function loadMutant(mutant: Mutant): Promise<Product> {
  const mark = `${MARK}${mutants.push(mutant) - 1}`;
  const product = await loadProduct(mark);
  for (const { file, from } of mutant.edits) {
    if (!done.has(`${mutant.name} ${file} ${from}`)) throw new Error(`${mutant.name}: ${file} was not loaded`);
  }
  return product;
}

/** A loader may hand over text or its bytes. */
function textOf(source: ModuleSource | undefined): string {
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString();
}

function mutate(mutant: Mutant, file: string, source: string): string {
  let mutated = source;
  for (const { file: wanted, from, to } of mutant.edits) {
    if (wanted !== file) continue;
    const [before, after, ...more] = mutated.split(from);
    if (before === undefined || after === undefined || more.length > 0) {
      throw new Error(`${mutant.name}: ${file} does not hold exactly once: ${from}`);
    }
    mutated = before + to + after;
    done.add(`${mutant.name} ${file} ${from}`);
  }
  return mutated;
}
