import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Alarm } from './alarm.ts';

describe('Alarm', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sleeps as long as it is told', async () => {
    let woken = false;
    void new Alarm().sleep(1_000).then(() => (woken = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(woken).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toBe(true);
  });

  it('wakes when it rings and leaves no timer behind', async () => {
    const alarm = new Alarm();
    const sleep = alarm.sleep(60_000);
    alarm.ring();
    await sleep;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not lose a ring that comes while nobody sleeps, and uses it up', async () => {
    const alarm = new Alarm();
    alarm.ring();
    alarm.ring();
    await alarm.sleep(60_000);
    let woken = false;
    void alarm.sleep(1_000).then(() => (woken = true));
    await vi.advanceTimersByTimeAsync(999);
    expect(woken).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toBe(true);
  });

  it('wakes no earlier than a fraction of a millisecond asks', async () => {
    let woken = false;
    void new Alarm().sleep(10.2).then(() => (woken = true));
    await vi.advanceTimersByTimeAsync(10);
    expect(woken).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toBe(true);
  });
});
