/** Our scheduler, in a process of its own: `scheduler-process.ts <redis url>`. */
import { systemClock } from '../../src/clock.ts';
import { Scheduler } from '../../src/scheduler/scheduler.ts';
import { openBenchStore } from './store.ts';
import { silent } from './worker.ts';

const store = await openBenchStore(process.argv[2] ?? '');
await new Scheduler({ store, clock: systemClock, logger: silent }).start();
console.log('ready');
