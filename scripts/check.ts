/**
 * `npm run check`: everything that must hold before a change goes in, and all that CI runs. Goes on after a failure, so
 * that one run shows all of them. The last line counts the tests and, as one each, the other steps.
 *
 *   node scripts/check.ts            all steps
 *   node scripts/check.ts lint types only these
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

interface Tally {
  readonly passed: number;
  readonly failed: number;
}

// As npm does, for those who run this script themselves.
process.env['PATH'] = `${resolve('node_modules/.bin')}${delimiter}${process.env['PATH']}`;

const generators = (await Array.fromAsync(glob('scripts/generate-*.ts'))).toSorted();

// The build comes first: the sources import the built page.
const STEPS: readonly Step[] = [
  { name: 'build', command: ['node', 'scripts/build.ts'] },
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'types of the page', command: ['tsc', '-p', 'static'] },
  { name: 'unused code', command: ['knip', '--no-progress'] },
  ...generators.map((path) => ({ name: `fresh: ${path}`, command: ['node', path, '--check'] })),
];

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((word) => name.startsWith(word));

const tallies = STEPS.filter(({ name }) => isWanted(name)).map(runStep);
if (isWanted('tests')) tallies.push(runTests());

const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs one step; what it says is shown only when it fails. */
function runStep({ name, command }: Step): Tally {
  const begun = performance.now();
  const [program = '', ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  const ok = status === 0;
  report(name, ok, begun);
  if (!ok) console.log([stdout, stderr, error?.message].filter(Boolean).join('\n'));
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

function runTests(): Tally {
  const begun = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'jobsched-check-'));
  const results = join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
    const { status } = spawnSync('vitest', ['run', ...reporters], { stdio: 'inherit' });
    const tally = tallyOf(results, status === 0);
    report('tests', tally.failed === 0, begun);
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that failed before its first test, or an error outside all tests, is one failure that vitest does not count. */
function tallyOf(path: string, ok: boolean): Tally {
  let failed = 0;
  let passed = 0;
  try {
    const results = JSON.parse(readFileSync(path, 'utf8')) as { numPassedTests: number; numFailedTests: number };
    failed = results.numFailedTests;
    passed = results.numPassedTests;
  } catch (error) {
    console.log(`vitest left no results: ${String(error)}`);
  }
  return { passed, failed: ok ? failed : Math.max(failed, 1) };
}

function report(name: string, ok: boolean, begun: number): void {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${ok ? '✓' : '✗'} ${name} ${seconds} s`);
}
