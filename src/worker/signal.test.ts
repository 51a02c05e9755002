import { expect, it } from 'vitest';
import { Signal } from './signal.ts';

it('wakes who waits, and is remembered once for who does not', async () => {
  const signal = new Signal();
  signal.set();
  signal.set();
  await signal.wait();
  let woken = false;
  const waiting = signal.wait().then(() => (woken = true));
  await Promise.resolve();
  expect(woken).toBe(false);
  signal.set();
  await waiting;
});
