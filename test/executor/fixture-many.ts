/**
 * A process with a watchdog of so many commands, to be killed: of all their groups are gone, and of the first one there is
 * somebody still, whose mark this writes. Argument: how many.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { defaultPipeFolders } from '../../src/worker/executor/pipes.ts';
import { Watchdog } from '../../src/worker/executor/watchdog.ts';

const id = randomUUID();
const mark = `1@${id}`;
const watchdog = new Watchdog(id, defaultPipeFolders(), () => {});
for (let number = 1; number <= Number(process.argv[2]); number++) {
  watchdog.remember(number, process.pid);
  // Nobody is to be signalled by that number.
  watchdog.forgetGroup(number);
}
watchdog.wake();
const left = spawn('sleep', ['1000'], {
  detached: true,
  stdio: 'ignore',
  env: { JOBSCHED_MARK: mark, PATH: '/usr/bin:/bin' },
});
left.once('spawn', () => process.stdout.write(mark));
setInterval(() => {}, 60_000);
