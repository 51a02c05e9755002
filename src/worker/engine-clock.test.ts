import { expect, it } from 'vitest';
import { AWAY } from '../../test/support/faulty-store.ts';
import { fakeClock, START } from '../../test/support/clock.ts';
import { EngineClock } from './engine-clock.ts';

const away = { now: () => Promise.reject(AWAY) };

it('is the host’s until the engine was heard, and then the engine’s, whatever the host’s does', () => {
  const clock = fakeClock();
  const engine = new EngineClock(clock, away);
  expect(engine.now()).toBe(START);
  engine.set(5_000);
  clock.advance(70);
  clock.set(START + 1e9);
  expect(engine.now()).toBe(5_070);
});

it('is what the engine says when it is asked, and goes on when it says nothing', async () => {
  const clock = fakeClock();
  let answer: Promise<number> = Promise.resolve(9_000);
  const engine = new EngineClock(clock, { now: () => answer });
  engine.set(5_000);
  await engine.ask();
  expect(engine.now()).toBe(9_000);
  answer = Promise.reject(AWAY);
  await engine.ask();
  clock.advance(10);
  expect(engine.now()).toBe(9_010);
});
