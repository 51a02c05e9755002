import { expect, test } from 'vitest';
import { jobId } from '../../domain/id.ts';
import { Acknowledged } from './acknowledged.ts';
import type { RedisLink } from './link/link.ts';

const id = (number: number) => jobId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);

/** A Redis that has lost everything. */
const EMPTY = {
  prefix: '',
  read: async (commands: readonly (readonly unknown[])[]): Promise<unknown[]> =>
    commands.map(([name]) => (name === 'EXISTS' ? 0 : [])),
} as unknown as RedisLink;

test('of what was made the newest are kept, and looked for when another server answers', async () => {
  const acknowledged = new Acknowledged();
  for (let number = 0; number < 25_000; number += 1) acknowledged.made(id(number));
  const told = await acknowledged.verify(EMPTY);
  expect(acknowledged.losses).toEqual({ jobs: 10_000, runs: 0, ends: 0, changes: 0 });
  expect(told?.message).toContain(`10000 jobs (${id(15_000)}, `);
  expect(await acknowledged.verify(EMPTY)).toBeNull();
});
