import { expect, it } from 'vitest';
import { Condition } from './condition.ts';

it('wakes all whose condition holds, also beside others that wait on', async () => {
  const changed = new Condition();
  let count = 0;
  const reached: number[] = [];
  const waits = [1, 2, 3].map((wanted) => changed.until(() => count >= wanted).then(() => reached.push(wanted)));
  for (const wait of waits) {
    count += 1;
    changed.notify();
    await wait;
  }
  expect(reached).toEqual([1, 2, 3]);
});
