/**
 * `npm run build`: sources → dist/. See `scripts/build/page.ts` and `scripts/build/program.ts` for what comes out.
 *
 *   node scripts/build.ts             builds the page, the program and the client's types
 *   node scripts/build.ts page        only the page, which the sources import
 *   node scripts/build.ts program     the page and the program: all that a start needs
 *   node scripts/build.ts --if-stale  builds only when a source has changed, or what is built is gone
 */
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isFresh, writeStamp, type Made } from './build/stamp.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'if-stale': { type: 'boolean', default: false } },
});

const [part = 'all'] = positionals;
const made: readonly Made[] = part === 'all' ? ['program', 'types'] : ['program'];
if (!(values['if-stale'] && (await isFresh(made)))) await build().catch(fail);

async function build(): Promise<void> {
  await mkdir('dist', { recursive: true });
  // Imported only now: a start of a built jobsched must not pay for loading esbuild.
  const { buildPage } = await import('./build/page.ts');
  await buildPage();
  if (part === 'page') return;
  const { buildProgram, declareClient } = await import('./build/program.ts');
  await Promise.all([buildProgram(), ...(part === 'all' ? [declareClient()] : [])]);
  await writeStamp(made);
}

/** What is wrong with the sources esbuild has told already, better than any stack of ours. */
function fail(error: unknown): never {
  const told = error instanceof Error && 'errors' in error;
  console.error(told ? 'jobsched: the build failed.' : error);
  process.exit(1);
}
