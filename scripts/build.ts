/**
 * `npm run build`: sources → dist/. See `scripts/build/page.ts` and `scripts/build/program.ts` for what comes out.
 *
 *   node scripts/build.ts             builds the page and the program
 *   node scripts/build.ts page        only the page, which the sources import
 *   node scripts/build.ts --if-stale  builds only when a source has changed since the last build
 */
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { isFresh, writeStamp } from './build/stamp.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'if-stale': { type: 'boolean', default: false } },
});

if (!(values['if-stale'] && (await isFresh()))) await build(positionals).catch(fail);

async function build(parts: readonly string[]): Promise<void> {
  await mkdir('dist', { recursive: true });
  // Imported only now: a start of a built jobsched must not pay for loading esbuild.
  const { buildPage } = await import('./build/page.ts');
  await buildPage();
  if (parts.length === 1 && parts[0] === 'page') return;
  const { buildProgram } = await import('./build/program.ts');
  await buildProgram();
  await writeStamp();
}

/** What is wrong with the sources esbuild has told already, better than any stack of ours. */
function fail(error: unknown): never {
  const told = error instanceof Error && 'errors' in error;
  console.error(told ? 'jobsched: the build failed.' : error);
  process.exit(1);
}
