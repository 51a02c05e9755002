import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { claimedRun } from '../../test/support/claimed-run.ts';
import { onceDefinition } from '../../test/support/definitions.ts';
import { AWAY } from '../../test/support/faulty-store.ts';
import { systemClock } from '../clock.ts';
import { workerId } from '../domain/id.ts';
import type { Held, RenewResult } from '../store/leases.ts';
import type { Capabilities } from '../store/store.ts';
import { Assignments, type Assignment } from './assignment.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { Link } from './link.ts';
import { OutputChannel } from './output/output-channel.ts';

/** What happened to assignments, with the second at which it did. */
let events: string[];
let assignments: Assignments;
let renew: (held: readonly Held[]) => Promise<RenewResult[]>;
let keeper: LeaseKeeper;
let startedAt: number;
/** By how much this process stood still. */
let stoodStill: number;
let capabilities: Partial<Capabilities>;

const second = (): number => Math.floor((performance.now() - startedAt) / 1_000);
const note =
  (what: string) =>
  (_assignment: Assignment, grace?: number): void =>
    void events.push(`${what} at ${second()}${grace === undefined ? '' : `, ${Math.round(grace / 1_000)} s left`}`);

beforeEach(() => {
  vi.useFakeTimers();
  startedAt = performance.now();
  events = [];
  assignments = new Assignments();
  renew = async (held) => held.map(() => 'ok');
  stoodStill = 0;
  capabilities = {};
  keeper = newKeeper();
});
afterEach(() => {
  keeper.stop();
  vi.useRealTimers();
});

function newKeeper(): LeaseKeeper {
  return new LeaseKeeper({
    store: {
      capabilities: { location: 'here', exclusive: false, ...capabilities },
      renew: (_owner, held) => {
        events.push(`renew ${held.length} at ${second()}`);
        return renew(held);
      },
    },
    owner: workerId(randomUUID()),
    clock: { now: systemClock.now, monotonic: () => systemClock.monotonic() + stoodStill },
    link: new Link(pino({ level: 'silent' })),
    assignments,
    onRenewed: () => {},
    onCancel: note('cancel'),
    onLost: (assignment) => {
      assignments.remove(assignment);
      note('lost')(assignment);
    },
    onContactLost: note('contact lost'),
  });
}

function hold(count = 1, fields = {}): void {
  for (let index = 0; index < count; index++) {
    const claimed = claimedRun({ definition: onceDefinition(fields) });
    const channel = new OutputChannel(claimed, 1_024, systemClock, { written: () => {}, grown: () => {} });
    const state = { execution: null, alive: false, cancelled: false, contactLost: false, lost: false, result: null };
    assignments.add({ claimed, channel, renewedAt: systemClock.monotonic(), ...state });
  }
  keeper.watch();
}

const others = (): string[] => events.filter((event) => !event.startsWith('renew'));
const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1_000);

describe('LeaseKeeper', () => {
  it('renews every five seconds all that is held in one call, and nothing when nothing is', async () => {
    hold(3);
    await pass(11);
    expect(events).toEqual(['renew 3 at 5', 'renew 3 at 10']);
    for (const assignment of assignments) assignments.remove(assignment);
    await pass(60);
    expect(events).toHaveLength(2);
  });

  it('sends at most 250 in one call', async () => {
    hold(251);
    await pass(5);
    expect(events).toEqual(['renew 250 at 5', 'renew 1 at 5']);
  });

  it('tells what is to be cancelled, and what is lost', async () => {
    hold(3);
    renew = async () => ['ok', 'cancel', 'lost'];
    await pass(5);
    expect(others()).toEqual(['cancel at 5', 'lost at 5']);
  });

  it('lets commands run while the store is away, and ends them just before the decision', async () => {
    hold();
    await pass(5);
    renew = () => Promise.reject(AWAY);
    await pass(62);
    expect(others()).toEqual([]);
    await pass(1);
    expect(others()).toEqual(['contact lost at 68, 10 s left']);
  });

  it('does so by its own clock when the call neither answers nor fails', async () => {
    hold(1, { lostAfterSeconds: 0 });
    renew = () => new Promise(() => {});
    await pass(11);
    expect(events).toEqual(['renew 1 at 5', 'contact lost at 10, 3 s left']);
  });

  it('counts from when the last good renewal was sent, not from its answer', async () => {
    hold(1, { lostAfterSeconds: 0 });
    renew = (held) => new Promise((resolve) => setTimeout(() => resolve(held.map(() => 'ok')), 4_000));
    await pass(9);
    renew = () => new Promise(() => {});
    await pass(7);
    expect(others()).toEqual(['contact lost at 15, 3 s left']);
  });

  it('ends nothing however long the store is away, where no other process can have it open', async () => {
    capabilities = { exclusive: true };
    keeper = newKeeper();
    hold(1, { lostAfterSeconds: 0 });
    renew = () => Promise.reject(AWAY);
    await pass(3_600);
    expect(others()).toEqual([]);
  });

  it('asks the store once after it stood still, and ends nothing when the answer is good', async () => {
    hold();
    await pass(6);
    stoodStill = 70_000;
    keeper.watch();
    await pass(1);
    expect(events).toEqual(['renew 1 at 5', 'renew 1 at 6']);
    await pass(60);
    expect(others()).toEqual([]);
  });

  it('ends commands two seconds later when that has no answer', async () => {
    hold();
    renew = () => new Promise(() => {});
    stoodStill = 80_000;
    keeper.watch();
    await pass(3);
    expect(others()).toEqual(['contact lost at 2, 0 s left']);
  });

  it('forgets the outage when the store is back', async () => {
    hold();
    renew = () => Promise.reject(AWAY);
    await pass(50);
    renew = async (held) => held.map(() => 'ok');
    await pass(120);
    expect(others()).toEqual([]);
  });
});
