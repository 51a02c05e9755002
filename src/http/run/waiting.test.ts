import { describe, expect, it } from 'vitest';
import type { Run } from '../../domain/run.ts';
import type { QueueCounts } from '../../store/queues.ts';
import type { WorkerRecord } from '../../store/workers.ts';
import { waitingFor } from './waiting.ts';

const NOW = Date.UTC(2030, 0, 1);
const run = (fields: Partial<Run>): Run =>
  ({ place: 'queue', queue: 'gpu', attempt: 0, readyAt: null, ...fields }) as Run;
const worker = (name: string, running: number, fields: Partial<WorkerRecord> = {}): WorkerRecord =>
  ({ name, running, concurrency: 16, alive: true, state: 'active', queues: ['gpu'], ...fields }) as WorkerRecord;

const queue = (fields: Partial<QueueCounts>): QueueCounts => ({
  name: 'gpu',
  queued: 1,
  running: 0,
  paused: false,
  maxRunning: null,
  ...fields,
});

describe('what a run waits for', () => {
  it.each<[string | null, Partial<Run>, readonly WorkerRecord[]]>([
    [null, { place: null }, []],
    ['its turn, behind another run of its job', { place: 'turn' }, []],
    ['its time, 2030-01-01T00:00:01.000Z', { place: 'delay', readyAt: NOW + 1_000 }, []],
    ['its retry, 2030-01-01T00:00:01.000Z', { place: 'delay', readyAt: NOW + 1_000, attempt: 1 }, []],
    ['its time, which has come', { place: 'delay', readyAt: NOW }, []],
    ['no worker serves queue gpu', {}, [worker('a', 0, { queues: ['default'] }), worker('b', 0, { alive: false })]],
    ['no worker serves queue gpu but a, which is stopping', {}, [worker('a', 0, { state: 'draining' })]],
    ['a free slot, 16 of 16 busy on web-1', {}, [worker('web-1', 16)]],
    ['a free slot, 32 of 32 busy on a and b', {}, [worker('a', 16), worker('b', 16)]],
    ['a free slot, 48 of 48 busy on 3 workers', {}, [worker('a', 16), worker('b', 16), worker('c', 16)]],
    ['a worker to take it', {}, [worker('a', 16), worker('b', 15)]],
  ])('%s', (words, fields, workers) => {
    expect(waitingFor(run(fields), { now: NOW, workers, queues: [] })).toBe(words);
  });

  it.each<[string, Partial<Run>, Partial<QueueCounts>]>([
    ['queue gpu is paused', {}, { paused: true, running: 2, maxRunning: 2 }],
    ['queue gpu runs 2 of 2 at once', {}, { running: 2, maxRunning: 2 }],
    ['queue gpu runs 5 of 2 at once', {}, { running: 5, maxRunning: 2 }],
    ['a free slot, 16 of 16 busy on web-1', {}, { running: 1, maxRunning: 2 }],
    ['a free slot, 16 of 16 busy on web-1', {}, { name: 'default', paused: true }],
    ['its turn, behind another run of its job', { place: 'turn' }, { paused: true }],
  ])('%s, as its queue says', (words, fields, set) => {
    expect(waitingFor(run(fields), { now: NOW, workers: [worker('web-1', 16)], queues: [queue(set)] })).toBe(words);
  });
});
