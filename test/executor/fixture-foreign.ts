/**
 * A process that may not signal its own children: it starts a command as root, gives up being root, and cancels it. Prints
 * as JSON how the execution ended, and the process id of the command's shell. To be run as root.
 */
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import { createNodeExecutor } from '../../src/worker/executor/node-executor.ts';
import { spec, start } from './harness.ts';

const executor = createNodeExecutor({ clock: systemClock, logger: pino({ level: 'silent' }) });
const { execution, output, done } = start(executor, spec('setsid sleep 1000 & echo $!; sleep 1000'));
await output.seen('\n');
process.setuid?.(65_534);
execution.stop({ kind: 'cancelled' }, 100);
const { outcome, left, stdout } = await done;
const shell = await execution.started;
process.stdout.write(JSON.stringify({ outcome, left, pids: [shell, Number(stdout)] }), () => process.exit());
