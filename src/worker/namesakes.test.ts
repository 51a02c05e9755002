import { expect, test } from 'vitest';
import type { WorkerId } from '../domain/id.ts';
import type { Logger } from '../log.ts';
import type { WorkerRecord } from '../store/workers.ts';
import { namesakesOf, warnOfNamesakes } from './namesakes.ts';

const worker = (id: string, fields: Partial<WorkerRecord> = {}): WorkerRecord => ({
  id: id as WorkerId,
  name: 'web-1',
  host: 'web',
  pid: 7,
  instance: { bootId: null, pidNamespace: null, startedTicks: null },
  version: '1',
  queues: [],
  concurrency: 1,
  running: 0,
  state: 'active',
  startedAt: 0,
  lastSeenAt: 0,
  alive: true,
  ...fields,
});

const self = worker('self');

async function warned(before: readonly WorkerRecord[], after: readonly WorkerRecord[]): Promise<string[]> {
  const said: string[] = [];
  const logger = { warn: (_: unknown, text: string) => void said.push(text) } as unknown as Logger;
  const first = await namesakesOf({ workers: async () => [self, ...before] }, self);
  await warnOfNamesakes({ workers: async () => [self, ...after] }, self, first, logger);
  return said;
}

test('a namesake that is seen again is told of', async () => {
  const said = await warned([worker('other')], [worker('other', { lastSeenAt: 5_000 })]);
  expect(said).toEqual([expect.stringContaining('another live worker is called web-1, process 7 on web')]);
});

test('one that is seen no more was the one before us', async () => {
  expect(await warned([worker('other')], [worker('other')])).toEqual([]);
  expect(await warned([worker('other')], [worker('other', { lastSeenAt: 1, alive: false })])).toEqual([]);
});

test('others are no namesakes', async () => {
  const other = { name: 'web-2' };
  expect(await warned([worker('b', other)], [worker('b', { ...other, lastSeenAt: 5_000 })])).toEqual([]);
});
