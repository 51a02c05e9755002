/** 10,000 schedules of every second. */
import { slotLines } from '../load/slot-lines.ts';
import type { Row } from '../harness/row.ts';
import { bullSlots, ourSlots } from '../load/slots.ts';

export const row: Row = {
  how: 'As before with 10,000 jobs.',
  sides: { ours: ourSlots(10_000), bullmq: bullSlots(10_000) },
  lines: (medians) => slotLines(medians, { schedules: 10_000, p99: 350, cores: 0.5 }),
};
