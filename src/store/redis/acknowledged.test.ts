import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { jobId, runId } from '../../domain/id.ts';
import { HOUR, MINUTE } from '../../domain/instant.ts';
import { Acknowledged } from './acknowledged.ts';
import type { RedisLink } from './link/link.ts';

const id = (number: number) => jobId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);

/** A Redis that has lost everything. */
const EMPTY = {
  prefix: '',
  read: async (commands: readonly (readonly unknown[])[]): Promise<unknown[]> =>
    commands.map(([name]) => (name === 'EXISTS' ? 0 : [])),
} as unknown as RedisLink;

const LOST_AT = 1_000_000;

/** The same, where each read waits until it is told to go on, or fails. */
function slowly(): { readonly link: RedisLink; readonly reads: ((error?: Error) => void)[] } {
  const reads: ((error?: Error) => void)[] = [];
  const read: RedisLink['read'] = (commands) =>
    new Promise((resolve, reject) => {
      reads.push((error) => (error === undefined ? resolve(EMPTY.read(commands)) : reject(error)));
    });
  return { link: { ...EMPTY, read }, reads };
}

test('of what was made the newest are kept, and looked for when another server answers', async () => {
  const acknowledged = new Acknowledged(() => LOST_AT);
  for (let number = 0; number < 25_000; number += 1) acknowledged.made(id(number));
  const told = await acknowledged.verify(EMPTY, LOST_AT);
  expect(acknowledged.losses).toEqual({ jobs: 10_000, runs: 0, ends: 0, changes: 0 });
  expect(told?.message).toContain(`10000 jobs (${id(15_000)}, `);
  expect(await acknowledged.verify(EMPTY, LOST_AT)).toBeNull();
});

test('what was acknowledged in the minute before the link was lost is looked for, however long it was away', async () => {
  let now = LOST_AT - MINUTE;
  const acknowledged = new Acknowledged(() => now);
  acknowledged.made(id(1));
  now = LOST_AT - MINUTE / 2;
  acknowledged.made(id(2));
  now = LOST_AT + HOUR;
  expect((await acknowledged.verify(EMPTY, LOST_AT))?.message).toContain(`1 job (${id(2)})`);
});

test('a look that fails half-way counts nothing, and the next one all', async () => {
  const acknowledged = new Acknowledged(() => LOST_AT);
  acknowledged.made(id(1));
  acknowledged.triggered(runId(id(2), 1));
  const { link, reads } = slowly();
  const failing = acknowledged.verify(link, LOST_AT);
  const goOn = async (index: number, error?: Error): Promise<void> => {
    await expect.poll(() => reads.length).toBeGreaterThan(index);
    reads[index]?.(error);
  };
  // The job, the log of changes, then the run.
  await goOn(0);
  await goOn(1);
  await Promise.all([goOn(2, new Error('away')), expect(failing).rejects.toThrow('away')]);
  expect(acknowledged.losses).toMatchObject({ jobs: 0, runs: 0 });
  await acknowledged.verify(EMPTY, LOST_AT);
  expect(acknowledged.losses).toMatchObject({ jobs: 1, runs: 1 });
});

test('what was changed again counts once, and what is changed or deleted during a look does not count', async () => {
  const acknowledged = new Acknowledged(() => LOST_AT);
  for (const paused of [true, false, true]) acknowledged.queueSet('night', { paused });
  acknowledged.queueSet('day', { paused: true });
  acknowledged.made(id(1));
  const { link, reads } = slowly();
  const looking = acknowledged.verify(link, LOST_AT);
  acknowledged.deleted(id(1));
  acknowledged.queueSet('day', { paused: false });
  // As many as it asks for, one after the other.
  for (let turns = 0; turns < 100; turns += 1) {
    reads.shift()?.();
    await nextTurn();
  }
  expect(acknowledged.losses).toEqual({ jobs: 0, runs: 0, ends: 0, changes: 1 });
  expect((await looking)?.message).toContain('settings of queue night');
});

test('one thing that is changed without end pushes no other out', async () => {
  const acknowledged = new Acknowledged(() => LOST_AT);
  acknowledged.queueSet('night', { paused: true });
  for (let count = 0; count < 25_000; count += 1) acknowledged.queueSet('day', { paused: true });
  await acknowledged.verify(EMPTY, LOST_AT);
  expect(acknowledged.losses.changes).toBe(2);
});
