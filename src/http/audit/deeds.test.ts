import { expect, test } from 'vitest';
import { JobschedError } from '../../errors.ts';
import { TellsDeeds } from './deeds.ts';

const LOST = new JobschedError('engine_unavailable', 'its reply was lost', { mayBeDone: true });

test('one thing is the entry’s target, many are its targets', () => {
  const deeds = new TellsDeeds('job.pause');
  expect(deeds.entries()).toEqual([]);
  deeds.did('one', { name: 'nightly' });
  expect(deeds.entries()).toEqual([{ action: 'job.pause', target: 'one', targets: [], detail: { name: 'nightly' } }]);
  deeds.did('two');
  expect(deeds.entries()).toEqual([
    {
      action: 'job.pause',
      target: null,
      targets: [
        { id: 'one', detail: { name: 'nightly' } },
        { id: 'two', detail: {} },
      ],
      detail: { count: 2 },
    },
  ]);
});

test('what was told last of a thing holds, and it stands where it was told first', () => {
  const deeds = new TellsDeeds('job.delete');
  for (const runs of [1, 2, 3]) deeds.did('one', { runs });
  deeds.did('two');
  deeds.did('one', { runs: 4 });
  const [entry] = deeds.entries();
  expect(entry?.targets).toEqual([
    { id: 'one', detail: { runs: 4 } },
    { id: 'two', detail: {} },
  ]);
});

test('a failure is told when it may be done all the same, with what was told before', () => {
  const deeds = new TellsDeeds('job.delete');
  deeds.failed(new JobschedError('not_found', 'there is none'), 'one');
  expect(deeds.entries()).toEqual([]);
  deeds.did('one', { runs: 1 });
  deeds.failed(LOST, 'one', { name: 'nightly' });
  expect(deeds.entries()[0]?.detail).toEqual({ runs: 1, name: 'nightly', unconfirmed: 'engine_unavailable' });
});
