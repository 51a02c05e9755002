import { expect, it } from 'vitest';
import { Changes } from './changes.ts';

it('wakes all whose condition holds, also beside others that wait on', async () => {
  const changes = new Changes();
  let count = 0;
  const reached: number[] = [];
  const waits = [1, 2, 3].map((wanted) => changes.until(() => count >= wanted).then(() => reached.push(wanted)));
  for (const wait of waits) {
    count += 1;
    changes.notify();
    await wait;
  }
  expect(reached).toEqual([1, 2, 3]);
});
