/** Histories in which nothing is wrong, for the checker's red controls. */
import fc from 'fast-check';
import { SECOND, type Instant } from '../../src/domain/instant.ts';
import type { AskedJob, History, InflictedFault, RecordedRun, Testimony } from './history.ts';

const START = Date.parse('2030-01-01T00:00:00Z');
const text = (time: Instant): string => new Date(time).toISOString();

/** What happens to a slot: it succeeds, its first attempt is lost to a fault, or it fails and is tried again. */
const fate = fc.constantFrom('succeeds', 'is lost first', 'fails first');

interface Happened {
  readonly run: RecordedRun;
  readonly faults: readonly InflictedFault[];
  readonly witness: readonly Testimony[];
}

/** One cron job of some slots, a minute apart, and what became of each. */
export const goodHistories = fc
  .array(fc.record({ fate, late: fc.integer({ min: 0, max: 5_000 }) }), { minLength: 2, maxLength: 12 })
  .map((slots): History => {
    const job: AskedJob = {
      name: 'job',
      slots: { first: START, period: 60 * SECOND, end: START + slots.length * 60 * SECOND },
      overlap: 'skip',
      misfire: 'all',
      retries: 1,
      lostAfter: 0,
      acknowledged: true,
    };
    const all = slots.map((slot, index) => happened(index, slot.fate, slot.late));
    return {
      servers: ['s1', 's2'],
      jobs: [job],
      faults: all.flatMap(({ faults }) => faults),
      witness: all.flatMap(({ witness }) => witness),
      runs: all.map(({ run }) => run),
    };
  });

function happened(index: number, what: string, late: number): Happened {
  const slot = START + index * 60 * SECOND;
  const id = `job.${index + 1}`;
  const begin = slot + late;
  const line = (event: Testimony['event'], attempt: number, at: Instant): Testimony => ({
    event,
    job: 'job',
    run: id,
    attempt,
    slot,
    at,
  });
  const attempt = (number: number, from: Instant, status: 'succeeded' | 'failed', reason: 'lost' | 'exit' | null) => ({
    number,
    worker: 'w1',
    started_at: text(from),
    finished_at: text(from + SECOND),
    status,
    reason,
  });
  const again = begin + 3 * SECOND;
  const twice = what !== 'succeeds';
  const lost = what === 'is lost first';
  const first = twice ? attempt(1, begin, 'failed', lost ? 'lost' : 'exit') : attempt(1, begin, 'succeeded', null);
  const last = twice ? again : begin;
  return {
    run: {
      id,
      job_name: 'job',
      status: 'succeeded',
      reason: null,
      skipped: null,
      scheduled_for: text(slot),
      created_at: text(slot),
      finished_at: text(last + SECOND),
      attempts: twice ? [attempt(2, again, 'succeeded', null), first] : [first],
    },
    faults: lost ? [{ kind: 'kill worker', target: 'w1', from: begin + 10, to: begin + 20 }] : [],
    witness: [
      line('begin', 1, begin),
      line('beat', 1, begin + 100),
      ...(lost ? [] : [line('end', 1, begin + 500)]),
      ...(twice ? [line('begin', 2, again), line('end', 2, again + 500)] : []),
    ],
  };
}
