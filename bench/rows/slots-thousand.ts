/** 1,000 schedules of every second. */
import { slotLines } from '../load/slot-lines.ts';
import type { Row } from '../harness/row.ts';
import { bullSlots, ourSlots } from '../load/slots.ts';

export const row: Row = {
  how:
    '1,000 jobs with the schedule `* * * * * *`: how long after its slot a run was created, and how long after it a worker ' +
    'with 50 slots that does nothing began it, over 6 slots of all jobs. Ours: a scheduler and a worker, each a process of ' +
    'its own. BullMQ: job schedulers and a worker, whose work includes making the next job. The goal for CPU is held against the process that fires.',
  sides: { ours: ourSlots(1_000), bullmq: bullSlots(1_000) },
  lines: (medians) => slotLines(medians, { schedules: 1_000, p99: 50, cores: 0.1 }),
};
