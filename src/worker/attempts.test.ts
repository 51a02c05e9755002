import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { claimedRun } from '../../test/support/claimed-run.ts';
import { fakeClock, type FakeClock } from '../../test/support/clock.ts';
import { SECOND } from '../domain/instant.ts';
import { workerId } from '../domain/id.ts';
import { Allowances } from './allowances.ts';
import { Assignments, type Assignment } from './assignment.ts';
import { Attempts } from './attempts.ts';
import { EngineClock } from './engine-clock.ts';
import type { Ending, Execution, Executor } from './executor/executor.ts';
import { Link } from './link.ts';
import { OutputPump } from './output/output-pump.ts';

/** What was logged, and what was asked of the executor, in words. */
let events: string[];
let assignments: Assignments;
let attempts: Attempts;
let clock: FakeClock;
let child: PromiseWithResolvers<Ending>;
let changed: PromiseWithResolvers<void>;

const executor: Executor = {
  start: (): Execution => {
    events.push('start');
    return { started: Promise.resolve(1), ended: child.promise, stop: ({ kind }) => void events.push(`stop: ${kind}`) };
  },
  close: async () => {},
};

const standIn = { allow: () => {}, forget: () => {}, close: async () => {} };

beforeEach(() => {
  events = [];
  assignments = new Assignments();
  clock = fakeClock();
  child = Promise.withResolvers();
  changed = Promise.withResolvers();
  const write = (line: string): void => {
    const { msg } = JSON.parse(line) as { readonly msg: string };
    events.push(msg);
  };
  const logger = pino({ level: 'warn' }, { write });
  const shared = { clock, logger, assignments };
  const store = { appendOutput: async () => [] };
  const link = new Link(logger);
  attempts = new Attempts({
    ...shared,
    executor,
    allowances: new Allowances(standIn, clock),
    engineClock: new EngineClock(clock, { now: async () => clock.now() }),
    pump: new OutputPump({ ...shared, store, link, owner: workerId(randomUUID()), onLost: () => {} }),
    environment: {},
    home: '/',
    onChange: () => changed.resolve(),
  });
});

function claimed(fields: Parameters<typeof claimedRun>[0] = {}): Assignment {
  attempts.add([claimedRun(fields)], clock.monotonic());
  const [assignment] = assignments;
  if (!assignment) throw new Error('nothing was added');
  return assignment;
}

async function ended(): Promise<Assignment> {
  const assignment = claimed();
  await started();
  child.resolve({ outcome: { status: 'succeeded' }, durationMs: 1, left: [] });
  await changed.promise;
  return assignment;
}

/** Children are started a turn after they were claimed. */
const started = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('an assignment that a renewal finds lost', () => {
  it('is killed while its command runs, and forgotten with its end', async () => {
    const assignment = claimed();
    await started();
    attempts.lose(assignment);
    expect(events).toEqual(['start', 'run was lost: the store has given it up; its command is killed', 'stop: lost']);
    child.resolve({ outcome: { status: 'succeeded' }, durationMs: 1, left: [] });
    await changed.promise;
    expect(assignments.size).toBe(0);
  });

  it('is never started when it was not yet', async () => {
    attempts.lose(claimed());
    await started();
    expect(events).toEqual(['run was lost: the store has given it up']);
  });

  it('is left alone while its end is being told: the answer to that says what became of it', async () => {
    const assignment = await ended();
    attempts.lose(assignment);
    expect(assignments.ended()).toEqual([assignment]);
    expect(events).toEqual(['start']);
  });

  it('is not spoken of any more once its end was told', async () => {
    const assignment = await ended();
    assignments.remove(assignment);
    attempts.lose(assignment);
    expect(events).toEqual(['start']);
  });
});

describe('an assignment that is not started', () => {
  it('ends as cancelled when it is flagged already', async () => {
    const assignment = claimed({ cancelRequested: true });
    await changed.promise;
    expect(assignment.result?.ended.outcome).toMatchObject({ status: 'cancelled' });
    expect(events).toEqual([]);
  });

  it('can be taken back, once', async () => {
    const assignment = claimed();
    expect(attempts.takeBackOne(assignment)).toBe(true);
    expect(attempts.takeBackOne(assignment)).toBe(false);
    await started();
    expect(events).toEqual([]);
  });

  it('waits for a renewal once its worker has stood still for so long that it may be another’s', async () => {
    const assignment = claimed();
    clock.advance(3600 * SECOND);
    await started();
    expect(events).toEqual([]);
    assignment.renewedAt = clock.monotonic();
    attempts.renewed(assignment);
    await started();
    expect(events).toEqual(['start']);
  });

  it('never starts when the renewal then finds it lost, and does not keep others', async () => {
    const assignment = claimed();
    clock.advance(3600 * SECOND);
    attempts.add([claimedRun({ fence: 2 })], clock.monotonic());
    await started();
    expect(events).toEqual(['start']);
    attempts.lose(assignment);
    await started();
    expect(events).toEqual(['start', 'run was lost: the store has given it up']);
    expect(attempts.takeBack()).toEqual([]);
  });
});
