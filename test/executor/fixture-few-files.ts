/**
 * For a process that may open few files: takes pipes and starts commands until there are none left, frees them, and prints
 * as JSON what came of it. Argument: a folder for the pipes.
 */
import { readdirSync } from 'node:fs';
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import { createNodeExecutor } from '../../src/worker/executor/node-executor.ts';
import { closePipe, PipePool, type Pipe } from '../../src/worker/executor/pipes.ts';
import { run, spec, start } from './harness.ts';

const [folder = ''] = process.argv.slice(2);
const openFiles = (): number => readdirSync('/proc/self/fd').length;

function takeAll(): { readonly taken: number; readonly error: unknown } {
  const pool = new PipePool([folder]);
  const pipes: Pipe[] = [];
  try {
    for (;;) pipes.push(pool.take());
  } catch (error) {
    return { taken: pipes.length, error: error instanceof Error && 'code' in error ? error.code : String(error) };
  } finally {
    for (const pipe of pipes) closePipe(pipe);
    pool.close();
  }
}

const before = openFiles();
const { taken, error } = takeAll();
const leakedPipes = openFiles() - before;

const executor = createNodeExecutor({ clock: systemClock, logger: pino({ level: 'silent' }), pipeFolders: [folder] });
const executions = Array.from({ length: 40 }, () => start(executor, spec('sleep 1000', { stdin: '' })));
for (const { execution } of executions) execution.stop({ kind: 'cancelled' }, 0);
const outcomes = (await Promise.all(executions.map(({ done }) => done))).map(({ outcome }) => outcome);
const again = (await run(executor, spec('true'))).outcome;
await executor.close();
console.log(JSON.stringify({ taken, error, leakedPipes, outcomes, again, leaked: openFiles() - before }));
