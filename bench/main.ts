/**
 * `npm run bench`: measures us beside others, prints the table and writes docs/benchmarks.md.
 *
 *   npm run bench -- --rows bulk-enqueue,memory   only these
 *   npm run bench -- --rounds 1 --quick           fewer rounds, a tenth of the work: only to see that it works
 *   npm run bench -- --engine plain               without the append-only file; `aof`: with it only
 *   npm run bench -- --print                      writes no file
 *
 * A run of single rows, or a quick one, writes no file either.
 */
import { parseArgs } from 'node:util';
import { installPeers, buildProgram } from './harness/packages.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    engine: { type: 'string' },
    quick: { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
  },
});

// What was started goes with this process, also when it is interrupted.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

installPeers();
buildProgram();
// Only now: what follows imports the peers.
const { runBenchmarks } = await import('./harness/run.ts');
const { writeReport } = await import('./harness/report.ts');

const { text, complete, failed } = await runBenchmarks({
  rows: options.rows?.split(',') ?? null,
  rounds: Number(options.rounds),
  engines: options.engine === 'plain' ? ['plain'] : options.engine === 'aof' ? ['aof'] : ['plain', 'aof'],
  scale: options.quick ? 0.1 : 1,
});
console.log(text);
if (complete && !options.print) writeReport(text);
process.exitCode = failed ? 1 : 0;
