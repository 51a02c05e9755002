import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Batch } from './batch.ts';

/** Asks for so many items in each of several calls of one turn, and tells how they were sent. */
async function sentFor(calls: readonly number[]): Promise<number[]> {
  const sent: number[] = [];
  const batch = new Batch<number, number>(async (items) => {
    sent.push(items.length);
    return items;
  });
  const asked = calls.map((count, call) => batch.ask(Array.from({ length: count }, () => call)));
  await nextTurn();
  const answers = await Promise.all(asked);
  expect(answers).toEqual(calls.map((count, call) => Array.from({ length: count }, () => call)));
  return sent;
}

describe('a batch', () => {
  it('has all that is asked in one turn, where that is little', async () => {
    expect(await sentFor([1, 2, 3])).toEqual([6]);
  });

  it('goes as soon as it is worth a script, while the turn goes on', async () => {
    expect(await sentFor(Array.from({ length: 40 }, () => 1))).toEqual([16, 16, 8]);
  });

  it('never splits a call, nor has more items than one call may have', async () => {
    expect(await sentFor([3, 250, 15, 240])).toEqual([3, 250, 15, 240]);
    expect(await sentFor([15, 230])).toEqual([245]);
  });
});
