/**
 * What befalls workers and their machines, on real processes, and what may become of their runs then. See also
 * `lost-contact.test.ts`, and `worker-faults/` for each fault.
 *
 * All run side by side, each on a Redis or a file of its own, since what they do is mostly to wait for leases to end: those
 * that wait the longest first, so that the others find a place beside them.
 */
import { workersCutOff } from './worker-faults/cut-off.ts';
import { aFrozenWorker } from './worker-faults/frozen.ts';
import { allWorkersKilled } from './worker-faults/killed.ts';
import { poisonJobs } from './worker-faults/poison.ts';
import { scarcity } from './worker-faults/scarcity.ts';
import { skewedClocks } from './worker-faults/skewed-clocks.ts';
import { aMachineWhoseClockIsSet } from './worker-faults/standalone-clock.ts';

workersCutOff();
allWorkersKilled();
aFrozenWorker();
aMachineWhoseClockIsSet();
skewedClocks();
poisonJobs();
scarcity();
