import { beforeEach, expect, it } from 'vitest';
import { claimedRun } from '../../test/support/claimed-run.ts';
import { fakeClock, type FakeClock } from '../../test/support/clock.ts';
import { onceDefinition } from '../../test/support/definitions.ts';
import { SECOND } from '../domain/instant.ts';
import type { Outcome } from '../domain/run.ts';
import { Allowances } from './allowances.ts';
import type { Assignment } from './assignment.ts';
import type { StandIn } from './executor/stand-in.ts';
import { OutputChannel } from './output/output-channel.ts';

const GROUP = 1234;
const KILLED: Outcome = { status: 'failed', reason: 'signal', signal: 'SIGKILL' };

/** What the stand-in was told, in seconds. */
let told: string[];
let clock: FakeClock;
let allowances: Allowances;

const standIn: StandIn = {
  allow: (group, term, kill) => void told.push(`${group}: ${term / SECOND}, ${kill / SECOND}`),
  forget: (group) => void told.push(`${group}`),
  close: async () => {},
};

beforeEach(() => {
  told = [];
  clock = fakeClock();
  allowances = new Allowances(standIn, clock);
});

/** Of a job that is lost 15 s after its lease, with 4 s of grace; claimed a second ago. */
function started(): Assignment {
  const claimed = claimedRun({ definition: onceDefinition({ lostAfterSeconds: 15, killGraceSeconds: 4 }) });
  const channel = new OutputChannel(claimed, 1_024, clock, { written: () => {}, grown: () => {} });
  const state = { execution: null, alive: true, cancelled: false, contactLost: false, lost: false, result: null };
  const assignment = { claimed, channel, renewedAt: clock.monotonic(), ...state };
  clock.advance(SECOND);
  allowances.started(assignment, GROUP);
  return assignment;
}

function renew(assignment: Assignment): void {
  assignment.renewedAt = clock.monotonic();
  allowances.renewed(assignment);
}

it('are until the deadlines of contact, counted from the claim, and again with each renewal', () => {
  const assignment = started();
  clock.advance(SECOND);
  renew(assignment);
  expect(allowances.ended(assignment, KILLED)).toBe(KILLED);
  expect(told).toEqual([`${GROUP}: 23, 27`, `${GROUP}: 24, 28`, `${GROUP}`]);
});

it('leave only the KILL to the stand-in where the worker itself ends the command', () => {
  const assignment = started();
  assignment.contactLost = true;
  allowances.ending(assignment, 4 * SECOND);
  renew(assignment);
  clock.advance(60 * SECOND);
  expect(allowances.ended(assignment, KILLED)).toBe(KILLED);
  expect(told.slice(1)).toEqual([`${GROUP}: 4, 4`, `${GROUP}`]);
});

it.each<{ outcome: Outcome; told: object }>([
  { outcome: KILLED, told: { reason: 'lost', signal: 'SIGKILL' } },
  { outcome: { status: 'failed', reason: 'exit', exitCode: 143 }, told: { reason: 'lost', exitCode: 143 } },
  { outcome: { status: 'succeeded' }, told: { status: 'succeeded' } },
  { outcome: { status: 'cancelled', exitCode: null, signal: 'SIGTERM' }, told: { status: 'cancelled' } },
])('once one has run out, %o may be the doing of the stand-in', ({ outcome, told: expected }) => {
  const assignment = started();
  clock.advance(24 * SECOND);
  expect(allowances.ended(assignment, outcome)).toMatchObject(expected);
});

it('that ran out once is remembered when a renewal comes before the end is seen', () => {
  const assignment = started();
  clock.advance(24 * SECOND);
  renew(assignment);
  expect(allowances.ended(assignment, KILLED)).toMatchObject({ reason: 'lost' });
});

it('are none without a stand-in', () => {
  allowances = new Allowances(null, clock);
  const assignment = started();
  clock.advance(24 * SECOND);
  expect(allowances.ended(assignment, KILLED)).toBe(KILLED);
  expect(told).toEqual([]);
});

it('say of a command whether the stand-in may have ended part of it, until it has ended', () => {
  const assignment = started();
  expect(allowances.hasRunOut(assignment)).toBe(false);
  clock.advance(60 * SECOND);
  expect(allowances.hasRunOut(assignment)).toBe(true);
  allowances.ended(assignment, KILLED);
  expect(allowances.hasRunOut(assignment)).toBe(false);
});

it('are forgotten with their group, whose number may be another’s from then on', () => {
  const assignment = started();
  allowances.groupGone(assignment);
  renew(assignment);
  allowances.ending(assignment, 4 * SECOND);
  allowances.groupGone(assignment);
  expect(told).toEqual([`${GROUP}: 23, 27`, `${GROUP}`]);
  clock.advance(60 * SECOND);
  expect(allowances.ended(assignment, KILLED)).toMatchObject({ reason: 'lost' });
  expect(told).toHaveLength(2);
});

it('say whether a command may begin: until its deadline, or another renewal', () => {
  const assignment = started();
  expect(allowances.mayStart(assignment)).toBe(true);
  clock.advance(23 * SECOND);
  expect(allowances.mayStart(assignment)).toBe(false);
  renew(assignment);
  expect(allowances.mayStart(assignment)).toBe(true);
  clock.advance(60 * SECOND);
  expect(new Allowances(null, clock).mayStart(assignment)).toBe(true);
});
