/** The checker passes good histories, and notices each way in which one can be spoiled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, type Violation } from './checker.ts';
import { goodHistories } from './good-history.ts';
import type { History, RecordedRun, Testimony } from './history.ts';

const found = (history: History): Set<Violation> => new Set(check(history).violations.map(({ kind }) => kind));

/** Spoils the line or run that chance names. */
type Spoil = (history: History, index: number) => History;

const lines =
  (event: Testimony['event'], change: (line: Testimony) => readonly Testimony[], last = false): Spoil =>
  (history, index) => {
    const of = history.witness.filter((line) => line.event === event && (!last || isLast(history, line)));
    const chosen = of[index % of.length];
    return { ...history, witness: history.witness.flatMap((line) => (line === chosen ? change(line) : [line])) };
  };

const isLast = ({ runs }: History, { run, attempt }: Testimony): boolean =>
  runs.some(({ id, attempts }) => id === run && attempts.length === attempt);

const runs =
  (change: (run: RecordedRun) => readonly RecordedRun[]): Spoil =>
  (history, index) => ({
    ...history,
    runs: history.runs.flatMap((run, at) => (at === index % history.runs.length ? change(run) : [run])),
  });

const SPOILED: readonly (readonly [string, Violation, Spoil])[] = [
  ['a beginning is removed', 'phantom', lines('begin', () => [], true)],
  ['an end is removed', 'phantom', lines('end', () => [])],
  ['a beginning is doubled', 'duplicate-unexplained', lines('begin', (line) => [line, line])],
  ['an end is doubled', 'duplicate-unexplained', lines('end', (line) => [line, line])],
  ['a beginning is early', 'early', lines('begin', (line) => [{ ...line, at: (line.slot ?? 0) - 1 }])],
  ['an attempt is invented', 'unrecorded', lines('begin', (line) => [line, { ...line, attempt: 7 }])],
  ['a run is invented', 'unrecorded', lines('begin', (line) => [line, { ...line, run: 'job.99' }])],
  ['a job is invented', 'unexpected', lines('begin', (line) => [line, { ...line, job: 'nobody' }])],
  ['a run is not there', 'missed', runs(() => [])],
  ['a run is not there, whose command ran', 'unrecorded', runs(() => [])],
  ['a slot has two runs', 'duplicate-unexplained', runs((run) => [run, { ...run, id: `${run.id}0` }])],
  ['a run never ends', 'stuck', runs((run) => [{ ...run, status: 'running', finished_at: null }])],
  [
    'a run has a slot that is none',
    'unexpected',
    runs((run) => [{ ...run, scheduled_for: '2030-01-01T00:00:30.000Z' }]),
  ],
  ['a run without an attempt', 'missed', runs((run) => [{ ...run, status: 'failed', attempts: [] }])],
  [
    'a slot is skipped that nothing kept from running',
    'skipped-unexplained',
    runs((run) => {
      const slot = run.scheduled_for ?? '';
      const skipped = { first: slot, last: slot, count: 1, at_least: false };
      return [{ ...run, status: 'skipped', reason: 'misfire', attempts: [], skipped }];
    }),
  ],
  [
    'a slot is skipped for an overlap with nobody',
    'skipped-unexplained',
    runs((run) => {
      const slot = run.scheduled_for ?? '';
      const skipped = { first: slot, last: slot, count: 1, at_least: false };
      return [{ ...run, status: 'skipped', reason: 'overlap', attempts: [], skipped }];
    }),
  ],
  [
    'one attempt too many',
    'duplicate-unexplained',
    runs((run) => [{ ...run, attempts: [...run.attempts, ...run.attempts, ...run.attempts] }]),
  ],
  [
    'an attempt is lost that no fault hit',
    'lost-unexplained',
    runs((run) => [
      { ...run, status: 'failed', attempts: run.attempts.map((one) => ({ ...one, worker: 'w2', reason: 'lost' })) },
    ]),
  ],
];

describe('the checker', () => {
  it('finds nothing wrong in a good history, and counts what it holds', () => {
    fc.assert(
      fc.property(goodHistories, (history) => {
        const { violations, slots, runs: ran, lost, duplicatesExplained, lateness } = check(history);
        expect(violations).toEqual([]);
        expect([slots, ran, lateness.length]).toEqual([history.runs.length, slots, slots]);
        expect([lost, duplicatesExplained]).toEqual([history.faults.length, history.faults.length]);
      }),
    );
  });

  it.for(SPOILED)('notices that %s (%s)', ([, violation, spoil]) => {
    fc.assert(
      fc.property(goodHistories, fc.nat(), (history, index) => {
        expect(found(spoil(history, index))).toContain(violation);
      }),
    );
  });

  it('lets a slot be skipped for a run whose end a fault kept from being told, and only then', () => {
    const [slot, later] = ['2030-01-01T00:00:00.000Z', '2030-01-01T00:01:00.000Z'];
    fc.assert(
      fc.property(goodHistories, (history) => {
        const [first, second, ...rest] = history.runs;
        if (first === undefined || second === undefined) throw new Error('a history has two runs');
        const skipped = { first: later, last: later, count: 1, at_least: false };
        const record = { ...second, status: 'skipped', reason: 'overlap', attempts: [], skipped, created_at: later };
        const spoiled = { ...history, runs: [first, record, ...rest] as RecordedRun[] };
        const [from, to] = [Date.parse(slot), Date.parse(later) - 1_000];
        const cut = { kind: 'cut off worker', from, to } as const;
        const withCut = (target: string): History => ({
          ...spoiled,
          faults: [...spoiled.faults, { ...cut, target }],
        });
        expect(found(withCut('w1'))).not.toContain('skipped-unexplained');
        expect(found(withCut('w2'))).toContain('skipped-unexplained');
      }),
    );
  });

  it('explains nothing without the fault', () => {
    fc.assert(
      fc.property(
        goodHistories.filter(({ faults }) => faults.length > 0),
        (history) => {
          expect(found({ ...history, faults: [] })).toContain('lost-unexplained');
        },
      ),
    );
  });
});
