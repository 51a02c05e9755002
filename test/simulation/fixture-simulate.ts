/**
 * A process that plays seeds and tells of them (`npm run simulate`): for who looks for one that fails, and who replays it.
 *
 *   --engine redis --seed 17 --trace         one history, event by event
 *   --engine sqlite --seed 1 --count 5000    many: what failed, and how fast it went
 *   --minutes 10                             as many as that time allows; with a count, no more than that
 */
import { parseArgs } from 'node:util';
import { MINUTE } from '../../src/domain/instant.ts';
import { ENGINE_NAMES, type EngineName } from './engine.ts';
import { playSeeds } from './play-seeds.ts';
import { loadProduct } from './product.ts';
import { simulate } from './simulation.ts';
import { summaryOf } from './tally.ts';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'sqlite' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string' },
    minutes: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
});
const engine = ENGINE_NAMES.find((name) => name === values.engine) ?? wrongEngine(values.engine);
const first = Number(values.seed);
const minutes = Number(values.minutes ?? 'Infinity');
const count = Number(values.count ?? (values.minutes === undefined ? 1 : 'Infinity'));
if (![first, minutes, count].every((number) => number > 0)) {
  throw new Error('seed, count and minutes are numbers above 0');
}
const product = await loadProduct();
// Who reads may have seen enough.
process.stdout.on('error', () => process.exit());
process.exitCode = values.trace ? await trace() : await playMany();
// Redis is still there.
process.exit();

async function trace(): Promise<number> {
  const { violations } = await simulate({
    engine,
    seed: first,
    product,
    trace: (event) => process.stdout.write(event),
  });
  for (const violation of violations) console.log(`wrong: ${violation}`);
  return violations.length > 0 ? 1 : 0;
}

async function playMany(): Promise<number> {
  const begun = performance.now();
  const spent = (): number => (performance.now() - begun) / MINUTE;
  const goOn = (): boolean => spent() < minutes;
  const { histories, violations } = await playSeeds({ engine, product, first, count, goOn, onViolation: console.log });
  console.log(`${summaryOf(histories)}, ${Math.round(histories.length / spent())} seeds a minute`);
  return violations.length > 0 ? 1 : 0;
}

function wrongEngine(name: string): EngineName {
  throw new Error(`there is no engine ${name}, only ${ENGINE_NAMES.join(' and ')}`);
}
