import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AWAY } from '../../test/support/faulty-store.ts';
import { systemClock } from '../clock.ts';
import { workerId } from '../domain/id.ts';
import type { ClaimRequest, ClaimResult } from '../store/leases.ts';
import { Assignments } from './assignment.ts';
import { ClaimLoop } from './claim-loop.ts';
import { Link } from './link.ts';

/** A wait this long told of work that had just come. */
const WORTH_IT = 100;
/** No pause of the loop is longer, by the fake clock. */
const LONGEST_PAUSE = 10_000;
const NOTHING: ClaimResult = { now: 0, claimed: [], more: false };

let claims: ClaimRequest[];
let claim: () => Promise<ClaimResult>;
let waitForWork: (signal: AbortSignal) => Promise<void>;
/** When answered claims were sent. */
let sent: number[];
let loop: ClaimLoop;

beforeEach(() => {
  vi.useFakeTimers();
  claims = [];
  sent = [];
  claim = async () => NOTHING;
  waitForWork = () => new Promise(() => {});
  loop = new ClaimLoop({
    store: {
      // A loop without a pause would never let the test look.
      claim: (request) => (claims.push(request) > 1_000 ? new Promise(() => {}) : claim()),
      finish: () => Promise.reject(AWAY),
      waitForWork: (_queues, signal) => waitForWork(signal),
    },
    owner: workerId(randomUUID()),
    worker: 'w1',
    queues: ['default'],
    concurrency: 4,
    clock: systemClock,
    link: new Link(pino({ level: 'silent' })),
    assignments: new Assignments(),
    onClaimed: (_result, sentAt) => void sent.push(Math.round(sentAt)),
    onAcknowledged: () => {},
  });
});
afterEach(() => {
  loop.stop();
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** From now on waits for work take a while: until the test says that some came. */
function waits(): { asked(): Promise<void>; come(): Promise<void> } {
  let asked = Promise.withResolvers<() => void>();
  waitForWork = () => new Promise((resolve) => asked.resolve(resolve));
  return {
    /** Resolves when the loop waits, after what is left of its last pause. */
    asked: async () => {
      await pass(LONGEST_PAUSE);
      await asked.promise;
    },
    /** Ends the wait that the loop is in; resolves when it is in the next. */
    come: async () => {
      const end = await asked.promise;
      asked = Promise.withResolvers();
      await pass(WORTH_IT);
      end();
      await asked.promise;
    },
  };
}

describe('ClaimLoop', () => {
  it('repeats a claim with its number until it is answered, and counts leases from the answered one', async () => {
    const start = systemClock.monotonic();
    claim = () => Promise.reject(AWAY);
    void loop.run();
    await pass(60_000);
    claim = async () => NOTHING;
    await pass(5_000);
    expect(new Set(claims.map(({ claimNumber }) => claimNumber))).toEqual(new Set([1]));
    expect(sent).toHaveLength(1);
    expect((sent[0] ?? 0) - start).toBeGreaterThanOrEqual(60_000);
  });

  it('claims once for each wait that was worth it', async () => {
    const works = waits();
    void loop.run();
    for (let round = 0; round < 100; round++) await works.come();
    expect(claims).toHaveLength(101);
  });

  it('asks ever more slowly where work is told of at once and never given', async () => {
    waitForWork = async () => {};
    void loop.run();
    await pass(60_000);
    expect(claims.length).toBeGreaterThan(60);
    expect(claims.length).toBeLessThan(130);
  });

  it('is quick again as soon as the waits are worth it', async () => {
    waitForWork = async () => {};
    void loop.run();
    await pass(60_000);
    const works = waits();
    await works.asked();
    await works.come();
    const before = claims.length;
    for (let round = 0; round < 10; round++) await works.come();
    expect(claims.length - before).toBe(10);
  });
});
