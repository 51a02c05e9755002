import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { JobschedError } from '../../../errors.ts';
import { Gate } from './gate.ts';

const TROUBLE = new JobschedError('engine_unavailable', 'away');
const OTHER = new JobschedError('engine_read_only', 'a replica');
const PATIENCE = 2_500;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gate(): { gate: Gate; soon: () => number } {
  const now = (): number => Date.now();
  return { gate: new Gate(now, PATIENCE, TROUBLE), soon: () => now() + PATIENCE };
}

test('is shut at first, and lets those who wait through when it opens', async () => {
  const { gate: shut, soon } = gate();
  expect([shut.isOpen, shut.trouble]).toEqual([false, TROUBLE]);
  const waiting = [shut.pass(soon()), shut.pass(soon())];
  shut.open();
  await Promise.all(waiting);
  await shut.pass(0);
  expect([shut.isOpen, shut.trouble]).toEqual([true, null]);
  expect(vi.getTimerCount()).toBe(0);
});

test('refuses at the deadline, with the newest trouble', async () => {
  const { gate: shut } = gate();
  const refused = expect(shut.pass(Date.now() + 100)).rejects.toBe(OTHER);
  shut.shut(OTHER, true);
  await vi.advanceTimersByTimeAsync(99);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await refused;
});

test('refuses at once when it has been shut for longer than its patience, however often it was shut since', async () => {
  const { gate: shut, soon } = gate();
  await vi.advanceTimersByTimeAsync(PATIENCE - 1);
  shut.shut(OTHER, true);
  const last = expect(shut.pass(soon())).rejects.toBe(OTHER);
  await vi.advanceTimersByTimeAsync(1);
  await last;
  await expect(shut.pass(soon())).rejects.toBe(OTHER);
});

test('refuses all when waiting does not help, and waits again when it may', async () => {
  const { gate: shut, soon } = gate();
  const waiting = expect(shut.pass(soon())).rejects.toBe(OTHER);
  shut.shut(OTHER, false);
  await waiting;
  await expect(shut.pass(soon())).rejects.toBe(OTHER);
  shut.shut(TROUBLE, true);
  const again = shut.pass(soon());
  shut.open();
  await again;
});

test('counts its patience anew after it was open', async () => {
  const { gate: shut, soon } = gate();
  shut.open();
  await vi.advanceTimersByTimeAsync(PATIENCE * 2);
  shut.shut(TROUBLE, true);
  const waiting = shut.pass(soon());
  await vi.advanceTimersByTimeAsync(PATIENCE - 1);
  shut.open();
  await waiting;
});
