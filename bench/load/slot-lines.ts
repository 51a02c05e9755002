/** What the rows about slots say. */
import { cores, ms, times } from '../harness/format.ts';
import type { Line, Medians } from '../harness/row.ts';

export interface SlotGoals {
  readonly schedules: number;
  /** In ms. */
  readonly p99: number;
  /** Of the process that fires. */
  readonly cores: number;
}

export function slotLines(medians: Medians, goals: SlotGoals): Line[] {
  const own = (value: string): number => medians('ours', value);
  const bull = (value: string): number => medians('bullmq', value);
  const what = `${goals.schedules.toLocaleString('en-US')} schedules every second`;
  const lateness = (name: string, value: string, goal: boolean): Line => ({
    what: `${what}: ${name}, p99`,
    goal: goal ? `≤ ${goals.p99} ms` : '–',
    reference: `BullMQ, run begun ${ms(bull('p99'))}`,
    ours: ms(own(value)),
    ratio: times(own(value) / bull('p99')),
    reached: goal ? own(value) <= goals.p99 : null,
  });
  return [
    {
      what: `${what}: slots that gave a run`,
      goal: 'all',
      reference: `BullMQ ${percent(bull('fired'))}`,
      ours: percent(own('fired')),
      ratio: times(own('fired') / bull('fired')),
      reached: own('fired') === 1,
    },
    lateness('run begun after its slot', 'p99', true),
    lateness('run created after its slot', 'createdP99', false),
    {
      what: `${what}: CPU of the scheduler`,
      goal: `≤ ${goals.cores} core`,
      reference: `BullMQ’s worker ${cores(bull('worker'))}`,
      ours: cores(own('scheduler')),
      ratio: times(own('scheduler') / bull('worker')),
      reached: own('scheduler') <= goals.cores,
    },
    {
      what: `${what}: CPU of all, with Redis and worker`,
      goal: '–',
      reference: `BullMQ ${cores(bull('total'))}`,
      ours: cores(own('total')),
      ratio: times(own('total') / bull('total')),
      reached: null,
    },
  ];
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
