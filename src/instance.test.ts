import { describe, expect, it } from 'vitest';
import { isGone, thisInstance, type Process } from './instance.ts';

const HERE = { bootId: 'boot', pidNamespace: 'pid:[1]', startedTicks: 100 };
/** Linux gives no process a number beyond 2^22. */
const BEYOND_ALL = 2 ** 22 + 1;
const self: Process = { pid: process.pid, instance: HERE };

describe.runIf(process.platform === 'linux')('isGone', () => {
  it('knows this process by its boot, namespace and start', () => {
    const instance = thisInstance();
    expect(instance.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(instance.pidNamespace).toMatch(/^pid:\[\d+\]$/);
    expect(instance.startedTicks).toBeGreaterThan(0);
  });

  it('is true of a process that has ended, and of one whose number this one has now', () => {
    expect(isGone({ pid: BEYOND_ALL, instance: HERE }, self)).toBe(true);
    expect(isGone({ pid: process.pid, instance: { ...HERE, startedTicks: 50 } }, self)).toBe(true);
  });

  it('is false of one that lives, and true when its number is another process by now', () => {
    const { startedTicks } = thisInstance();
    const here = { ...HERE, startedTicks };
    const other = { pid: process.pid + 1, instance: HERE };
    expect(isGone({ pid: process.pid, instance: here }, other)).toBe(false);
    expect(isGone({ pid: process.pid, instance: { ...here, startedTicks: null } }, other)).toBe(false);
    expect(isGone({ pid: process.pid, instance: { ...here, startedTicks: 1 } }, other)).toBe(true);
  });

  it.for([{ bootId: 'another' }, { bootId: null }, { pidNamespace: 'pid:[2]' }, { pidNamespace: null }])(
    'is false of one that cannot be compared: %j',
    (fields) => {
      expect(isGone({ pid: process.pid, instance: { ...HERE, ...fields } }, self)).toBe(false);
      expect(
        isGone({ pid: process.pid, instance: { ...HERE, ...fields } }, { ...self, instance: { ...HERE, ...fields } }),
      ).toBe(Object.values(fields)[0] !== null);
    },
  );
});
