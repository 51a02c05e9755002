/** The checker passes good histories, and notices each way in which one can be spoiled. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../src/domain/instant.ts';
import { check, type Violation } from './checker.ts';
import { Explanations } from './explanations.ts';
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

const isNotLast = ({ runs: all }: History, { run, attempt }: Testimony): boolean =>
  all.some(({ id, attempts }) => id === run && attempts.length > attempt);

/** The sign of an attempt that is followed by another. */
const earlierSign =
  (change: (line: Testimony, history: History) => readonly Testimony[]): Spoil =>
  (history, index) => {
    const of = history.witness.filter((line) => line.event === 'beat' && isNotLast(history, line));
    const chosen = of[index % of.length];
    return {
      ...history,
      witness: history.witness.flatMap((line) => (line === chosen ? change(line, history) : [line])),
    };
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
  [
    'an attempt ended by a signal that nobody sent',
    'lost-unexplained',
    runs((run) => [
      { ...run, status: 'failed', attempts: run.attempts.map((one) => ({ ...one, worker: 'w2', reason: 'signal' })) },
    ]),
  ],
  [
    'an attempt is cancelled that nothing replaces',
    'cancelled-unexplained',
    runs((run) => [{ ...run, attempts: run.attempts.map((one) => ({ ...one, status: 'cancelled', reason: null })) }]),
  ],
];

/** The same for those of which an attempt is followed by another. */
const SPOILED_RETRIES: readonly (readonly [string, Violation, Spoil])[] = [
  [
    'an attempt lives on beside the one after it',
    'side-by-side',
    earlierSign((line) => [line, { ...line, at: line.at + 8_000 }]),
  ],
  [
    'an attempt begins after the one after it',
    'side-by-side',
    (history, index) => {
      const firsts = history.witness.filter((line) => line.event === 'begin' && isNotLast(history, line));
      const chosen = firsts[index % firsts.length];
      const later = (line: Testimony): Testimony => ({ ...line, at: line.at + 10_000 });
      return { ...history, witness: history.witness.map((line) => (line === chosen ? later(line) : line)) };
    },
  ],
];

const START = Date.parse('2030-01-01T00:00:00Z');
type Fault = History['faults'][number];
const fault = (kind: Fault['kind'], target: string | null, from: number, to: number): Fault => ({
  kind,
  target,
  from: START + from * SECOND,
  to: START + to * SECOND,
});

/** Of a worker w1, whose one attempt began at second 10, and was lost 15 s after its last renewal, at 12. */
const LOSSES: readonly (readonly [explains: boolean, what: string, faults: readonly Fault[]])[] = [
  [true, 'its worker was killed meanwhile', [fault('kill worker', 'w1', 20, 22)]],
  [false, 'its worker was killed before', [fault('kill worker', 'w1', 5, 9)]],
  [false, 'another worker was killed', [fault('kill worker', 'w2', 20, 22)]],
  [true, 'its worker was cut off', [fault('cut off worker', 'w1', 13, 40)]],
  [false, 'its worker was cut off for a moment', [fault('cut off worker', 'w1', 13, 16)]],
  [false, 'its worker was cut off shortly before the end', [fault('cut off worker', 'w1', 23, 40)]],
  [true, 'its worker stood still', [fault('freeze worker', 'w1', 13, 40)]],
  [false, 'its worker stood still, and had recovered before', [fault('freeze worker', 'w1', -40, 4)]],
  [true, 'Redis was away', [fault('kill redis', null, 13, 40)]],
  [false, 'Redis was away for a moment', [fault('kill redis', null, 13, 14)]],
  [
    true,
    'Redis and its worker were away one after the other',
    [fault('freeze redis', null, 13, 15), fault('cut off worker', 'w1', 17, 22)],
  ],
  [false, 'all was slow', [fault('delay all', null, 5, 40)]],
  [false, 'a server was killed', [fault('kill server', 's1', 13, 40)]],
  [false, 'scripts were forgotten', [fault('flush scripts', null, 13, 13)]],
  [false, 'its clock was set', [fault('set clock of worker', 'w1', 5, 40)]],
];

/** Of a slot at second 60. */
const MISFIRES: typeof LOSSES = [
  [true, 'all servers were away', [fault('kill server', 's1', 58, 75), fault('freeze server', 's2', 59, 75)]],
  [false, 'one server was away', [fault('kill server', 's1', 58, 75)]],
  [true, 'Redis was away', [fault('kill redis', null, 59, 70)]],
  [false, 'Redis was away, and back', [fault('kill redis', null, 50, 61)]],
  [false, 'Redis was away, and back before', [fault('freeze redis', null, 20, 50)]],
  [false, 'a worker was away', [fault('freeze worker', 'w1', 50, 90)]],
  [false, 'all was slow after', [fault('delay all', null, 72, 82)]],
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

  it.for(SPOILED_RETRIES)('notices that %s (%s)', ([, violation, spoil]) => {
    const retried = goodHistories.filter(({ runs: all }) => all.some(({ attempts }) => attempts.length > 1));
    fc.assert(
      fc.property(retried, fc.nat(), (history, index) => {
        expect(found(spoil(history, index))).toContain(violation);
      }),
    );
  });

  it.for(LOSSES)('explains an attempt that was lost: %s, when %s', ([explains, , faults]) => {
    const explanations = new Explanations({ faults, servers: ['s1', 's2'] });
    expect(explanations.canLose('w1', START + 10 * SECOND, START + 27 * SECOND, 0)).toBe(explains);
  });

  it('explains the loss of an attempt that waits for its worker only by what lasts as long', () => {
    const cut = (to: number) => new Explanations({ faults: [fault('cut off worker', 'w1', 13, to)], servers: [] });
    const lost = [START + 10 * SECOND, START + 47 * SECOND, 20 * SECOND] as const;
    expect(cut(45).canLose('w1', ...lost)).toBe(true);
    expect(cut(30).canLose('w1', ...lost)).toBe(false);
  });

  it.for(MISFIRES)('explains a slot that nobody fired in time: %s, when %s', ([explains, , faults]) => {
    expect(new Explanations({ faults, servers: ['s1', 's2'] }).canMisfire(START + 60 * SECOND)).toBe(explains);
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
