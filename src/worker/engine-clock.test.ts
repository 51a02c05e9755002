import { expect, it } from 'vitest';
import { fakeClock, START } from '../../test/support/clock.ts';
import { EngineClock } from './engine-clock.ts';

it('is the host’s until the engine was heard, and then the engine’s, whatever the host’s does', () => {
  const clock = fakeClock();
  const engine = new EngineClock(clock);
  expect(engine.now()).toBe(START);
  engine.set(5_000);
  clock.advance(70);
  clock.set(START + 1e9);
  expect(engine.now()).toBe(5_070);
});
